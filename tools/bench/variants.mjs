/**
 * Compares the speed of variants with that of the stock network, on the WebAssembly or the native engine:
 * `npm run bench:variants -- [--engine wasm|native] [--workload S,M,L] [--threads N] [--rounds N]`.
 *
 * Each variant and a stock network are trained in one process, in turns of some tenths of a second, so that other load affects both alike.
 * A ratio is the median over the rounds of the variant's time divided by the stock network's in the same round. Prints a table and, at
 * the end, one JSON line.
 */
import { parseArgs } from "node:util";
import { setUp } from "../setup.mjs";
import { commit, machineFacts } from "./machine.mjs";
import { median } from "./quantiles.mjs";
import { coreConfig, TRAINER_OPTIONS, taskConfig, WORKLOADS } from "./workloads.mjs";

/** Networks and trainings, as changes of the stock ones; the last shows the noise. */
const VARIANTS = {
  masking: { network: { memory: { masking: true } } },
  "de-allocation": { network: { memory: { deallocation: true } } },
  sharpness: { network: { memory: { sharpness: true } } },
  "no links": { network: { memory: { links: false } } },
  "masking, de-allocation, sharpness": { network: { memory: { masking: true, deallocation: true, sharpness: true } } },
  "masking, de-allocation, no links": { network: { memory: { masking: true, deallocation: true, links: false } } },
  gru: { network: { controller: "gru" } },
  "softmax loss": { training: { loss: "softmax" } },
  "squared loss": { training: { loss: "squared" } },
  momentum: { training: { optimizer: { ...TRAINER_OPTIONS.optimizer, momentum: 0.9 } } },
  Adam: { training: { optimizer: { type: "adam", learningRate: 1e-4 } } },
  "stock against itself": {},
};

const { values } = parseArgs({
  options: {
    engine: { type: "string", default: "wasm" },
    workload: { type: "string", default: "S,M,L" },
    threads: { type: "string", default: "2" },
    rounds: { type: "string", default: "9" },
    milliseconds: { type: "string", default: "400" },
  },
});

await setUp();
const tf = await import("@tensorflow/tfjs");
const { Dnc } = await import("@dnc/core");
const { createRandom, repeatCopy } = await import("@dnc/tasks");
if (!["wasm", "native"].includes(values.engine))
  throw new Error(`--engine: expected wasm or native, got ${values.engine}`);
const { startThreads, ...loaded } = await import(`@dnc/engine-${values.engine}`);
const Trainer = loaded.NativeTrainer ?? loaded.WasmTrainer;
await tf.setBackend("cpu");
const threads = Number(values.threads);
await startThreads(threads);
const results = values.workload.split(",").map(measure);
console.log(
  JSON.stringify({
    engine: values.engine,
    threads,
    rounds: Number(values.rounds),
    commit: commit(),
    machine: machineFacts(),
    results,
  }),
);
process.exit(0);

/** Measures one workload: each variant next to the stock network, in turns. */
function measure(name) {
  const workload = WORKLOADS[name];
  const task = repeatCopy(taskConfig(workload));
  const random = createRandom(1);
  const batches = Array.from({ length: 4 }, () => task.sampleBatch(random));
  const results = [];
  for (const [variant, changes] of Object.entries(VARIANTS)) {
    const [stock, other] = [{}, changes].map(({ network, training }) => {
      const core = new Dnc({ ...coreConfig(workload), ...network });
      return { core, trainer: new Trainer(core, { ...TRAINER_OPTIONS, ...training, threads }), times: [] };
    });
    for (const run of [stock, other]) timed(run, batches, 3); // warms up
    const steps = Math.max(2, Math.round(Number(values.milliseconds) / 1000 / timed(stock, batches, 3)));
    for (let round = 0; round < Number(values.rounds); round++)
      for (const run of round % 2 === 0 ? [stock, other] : [other, stock]) run.times.push(timed(run, batches, steps));
    for (const { trainer, core } of [stock, other]) {
      trainer.dispose();
      core.dispose();
    }
    const ratio = median(other.times.map((time, round) => time / stock.times[round]));
    const rate = (1 / median(stock.times)).toPrecision(3);
    console.log(`${name}  ${variant.padEnd(36)} ${ratio.toFixed(3)} of the stock network's time (${rate} it/s)`);
    const milliseconds = ({ times }) => times.map((time) => Number((1000 * time).toFixed(3)));
    results.push({
      variant,
      ratio: Number(ratio.toFixed(4)),
      steps,
      stock: milliseconds(stock),
      own: milliseconds(other),
    });
  }
  return { workload: name, variants: results };
}

/** Runs steps and returns the seconds per iteration. */
function timed({ trainer }, batches, steps) {
  const begin = performance.now();
  for (let step = 0; step < steps; step++) trainer.step(batches[step % batches.length]);
  return (performance.now() - begin) / 1000 / steps;
}
