/**
 * Lets a second thread join repeatedly during spurious notifications, and compares every bit to one thread:
 * `node [flags of V8] joins.mjs INSTRUCTION_SET JOINS`. Prints one JSON line per join; needs the build.
 *
 * This forces a timing that is normally rare: the worker has three of five sequences, so that the main thread sleeps at
 * the barriers, and a third thread continually notifies the barrier's address. Without this, it happens when the last
 * thread to arrive is delayed between opening a barrier and waking the others, which may already sleep at the next one.
 */
import { Worker } from "node:worker_threads";
import { Heap } from "../../dist/heap.js";
import { loadKernel } from "../../dist/kernel.js";
import { Network } from "../../dist/network.js";
import { Threads } from "../../dist/threads.js";

const [instructionSet, joins] = process.argv.slice(2);
const SIZES = {
  controller: "lstm",
  layers: 1,
  hiddenSize: 64,
  inputSize: 6,
  outputSize: 5,
  memorySize: 24,
  wordSize: 16,
  readHeads: 4,
  writeHeads: 1,
  clipValue: 20,
  masking: false,
  maskMinimum: 0,
  deallocation: false,
  sharpness: false,
  links: true,
  inputMask: false,
};
const SHAPE = { timeSteps: 80, batchSize: 5, maxThreads: 2, history: true, training: true };
const STEPS = 3;

const random = randomNumbers(1);
const uniform = (length, scale) => Float32Array.from({ length }, () => scale * (random() - 0.5));
const bits = (length) => Float32Array.from({ length }, () => Math.round(random()));
const parameters = uniform(50_000, 0.4);
const batches = Array.from({ length: STEPS }, () => {
  const rows = SHAPE.timeSteps * SHAPE.batchSize;
  return { inputs: bits(rows * SIZES.inputSize), target: bits(rows * SIZES.outputSize), mask: bits(rows) };
});

const expected = train(createEngine());
const notifier = new Worker(
  `require("node:worker_threads").parentPort.on("message", ({ words, index, isOver }) => {
    while (Atomics.load(isOver, 0) === 0) Atomics.notify(words, index);
  });`,
  { eval: true },
);
for (let join = 0; join < Number(joins); join++) {
  const engine = createEngine();
  const threads = await engine.threads.waitUntilReady(2);
  const isOver = new Int32Array(new SharedArrayBuffer(4));
  notifier.postMessage({ words: new Int32Array(engine.memory.buffer), index: engine.threads.barrier / 4 + 1, isOver });
  const found = train(engine);
  Atomics.store(isOver, 0, 1);
  const differ = found.findIndex((value, index) => value !== expected[index]);
  console.log(
    JSON.stringify({
      threads,
      differ: differ < 0 ? null : nameOf(differ),
      got: found[differ],
      expected: expected[differ],
    }),
  );
}
process.exit(0);

function createEngine() {
  const kernel = loadKernel(instructionSet);
  const heap = new Heap(kernel);
  return { kernel, memory: kernel.memory, heap, threads: new Threads(kernel, heap) };
}

/** Trains; returns loss and norm of each step, then all parameters. */
function train(engine) {
  const network = new Network(engine, SIZES);
  network.set({ learningRate: 1e-3, decay: 0.9, epsilon: 1e-10, maxNorm: 50 });
  network.prepare(SHAPE);
  const count = network.get("parameterCount");
  network.write("parameters", 0, parameters.subarray(0, count));
  network.write("meanSquares", 0, new Float32Array(count).fill(1));
  const results = batches.flatMap((batch) => {
    for (const [field, values] of Object.entries(batch)) network.write(field, 0, values);
    network.run("train");
    return read(network, "results", 2);
  });
  return [...results, ...read(network, "parameters", count)];
}

function read(network, field, length) {
  const values = new Float32Array(length);
  network.read(field, 0, values);
  return [...values];
}

function nameOf(index) {
  if (index >= 2 * STEPS) return `parameter ${index - 2 * STEPS}`;
  return `${index % 2 === 0 ? "loss" : "norm"} of step ${(index >> 1) + 1}`;
}

/** Creates a seeded generator of numbers in [0, 1) (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
