/** Tests workers that end. A separate file with an engine of its own, because the engine continues without them. */
import type { Worker } from "node:worker_threads";
import { afterAll, expect, it, onTestFinished, vi } from "vitest";
import { configureEngine, WasmTrainer } from "../src/index.js";
import { INSTRUCTION_SETS, type InstructionSet } from "../src/kernel.js";
import { awaitThreads, Dnc, makeBatch, meanSquaresOf, parametersOf, rmsProp, TINY } from "./support.js";

vi.hoisted(() => vi.resetModules());
afterAll(() => {
  vi.resetModules();
});

/** Replaces the program of all workers started from now on. @returns these workers, as they are started. */
function spyOnWorkers(edit: (source: string) => string = (source) => source): Worker[] {
  const threads = process.getBuiltinModule("node:worker_threads");
  const { Worker: Original } = threads;
  const started: Worker[] = [];
  threads.Worker = class extends Original {
    constructor(source: string, options: object) {
      super(edit(source), options);
      started.push(this);
    }
  };
  onTestFinished(() => {
    threads.Worker = Original;
  });
  return started;
}

/** Creates a trainer. An instruction set keeps its workers forever, so each test uses another one. */
function trainingWith(instructionSet: InstructionSet) {
  const core = new Dnc(TINY);
  const training = new WasmTrainer(core, { threads: 3, instructionSet, optimizer: rmsProp({ learningRate: 0.01 }) });
  onTestFinished(() => {
    training.dispose();
    configureEngine({});
  });
  return { training, bits: () => parametersOf(core, training) };
}

const LATE_MS = 200;
const BATCHES = [1, 2, 3].map((seed) => makeBatch(4, 3, seed));

function expectedBits(instructionSet: InstructionSet): number[][] {
  const core = new Dnc(TINY);
  const training = new WasmTrainer(core, { threads: 1, instructionSet, optimizer: rmsProp({ learningRate: 0.01 }) });
  for (const batch of BATCHES) training.step(batch);
  const bits = parametersOf(core, training);
  training.dispose();
  return bits;
}

it("an error event of a worker stops nothing: the threads before it continue, with the same bits", async () => {
  const started = spyOnWorkers();
  const { training: warmUp } = trainingWith(INSTRUCTION_SETS[0]);
  await awaitThreads(warmUp, BATCHES[0], 3);
  const { training, bits } = trainingWith(INSTRUCTION_SETS[0]);
  const used = BATCHES.map((batch, index) => {
    if (index > 0) started[2 - index].emit("error", new Error("worker: out of memory"));
    training.step(batch);
    return training.threadsUsed;
  });
  expect(used).toEqual([3, 2, 1]);
  expect(bits()).toEqual(expectedBits(INSTRUCTION_SETS[0]));
});

it("a worker that fails within a step does not block others: once all have left, the step throws, nothing has changed, and one thread continues", async () => {
  const [, instructionSet] = INSTRUCTION_SETS;
  // The worker that does not fail is late: what it wrote after the step's end would change the next step's numbers.
  const late = `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${LATE_MS});`;
  const fault = `if (threadIndex === 2) throw new Error("worker: expected a share, got none"); ${late}`;
  spyOnWorkers((source) => source.replace("try {", `try { ${fault}`));
  const { training, bits } = trainingWith(instructionSet);
  let milliseconds = 0;
  const failed = async () => {
    for (;;) {
      const began = performance.now();
      try {
        training.step(BATCHES[0]);
      } finally {
        milliseconds = performance.now() - began;
      }
      training.readFromVariables();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await expect(failed()).rejects.toThrow(
    "threads: expected all to finish, one failed; what they computed is lost, from now on there is one thread",
  );
  expect(milliseconds).toBeGreaterThanOrEqual(LATE_MS - 1);
  expect(training.threadsUsed).toBe(3);
  meanSquaresOf(training).fill(1);
  training.readFromVariables();
  for (const batch of BATCHES) training.step(batch);
  expect(training.threadsUsed).toBe(1);
  expect(bits()).toEqual(expectedBits(instructionSet));
});
