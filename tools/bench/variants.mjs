/**
 * Compares the speed of variants with that of the stock network, on the WebAssembly engine:
 * `npm run bench:variants -- [--workload S,M,L] [--threads N] [--rounds N]`.
 *
 * All networks are trained in one process, in turns of some tenths of a second, so that other load affects all alike. A ratio is the
 * median over the rounds of a variant's time divided by the stock network's in the same round. Prints a table and, at the end, one
 * JSON line.
 */
import { parseArgs } from "node:util";
import { setUp } from "../setup.mjs";
import { commit, machineFacts } from "./machine.mjs";
import { median } from "./quantiles.mjs";
import { coreConfig, TRAINER_OPTIONS, taskConfig, WORKLOADS } from "./workloads.mjs";

/** Networks and trainings, as changes of the stock ones. The first is the stock network. */
const VARIANTS = {
  stock: {},
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
  "stock again": {},
};

const { values } = parseArgs({
  options: {
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
const { WasmTrainer, startThreads } = await import("@dnc/engine-wasm");
await tf.setBackend("cpu");
const threads = Number(values.threads);
await startThreads(threads);
const results = values.workload.split(",").map(measure);
console.log(
  JSON.stringify({ threads, rounds: Number(values.rounds), commit: commit(), machine: machineFacts(), results }),
);
process.exit(0);

/** Measures one workload. */
function measure(name) {
  const workload = WORKLOADS[name];
  const task = repeatCopy(taskConfig(workload));
  const random = createRandom(1);
  const batches = Array.from({ length: 4 }, () => task.sampleBatch(random));
  const runs = Object.entries(VARIANTS).map(([variant, { network, training }]) => {
    const core = new Dnc({ ...coreConfig(workload), ...network });
    const trainer = new WasmTrainer(core, { ...TRAINER_OPTIONS, ...training, threads });
    return { variant, trainer, times: [] };
  });
  for (const run of runs) timed(run, batches, 2); // warms up
  const seconds = Number(values.milliseconds) / 1000;
  const steps = Math.max(2, Math.round(seconds / timed(runs[0], batches, 3)));
  for (let round = 0; round < Number(values.rounds); round++) {
    const turn = round % 2 === 0 ? runs : [...runs].reverse();
    for (const run of turn) run.times.push(timed(run, batches, steps));
  }
  for (const { trainer } of runs) trainer.dispose();
  const [stock] = runs;
  console.log(
    `\n${name}: stock ${(1 / median(stock.times)).toPrecision(3)} it/s on ${threads} threads, ${steps} iterations a turn`,
  );
  return {
    workload: name,
    steps,
    variants: runs.map(({ variant, times }) => {
      const ratio = median(times.map((time, round) => time / stock.times[round]));
      console.log(`  ${variant.padEnd(36)} ${ratio.toFixed(3)} of the stock network's time`);
      return {
        variant,
        ratio: Number(ratio.toFixed(4)),
        milliseconds: times.map((time) => Number((1000 * time).toFixed(3))),
      };
    }),
  };
}

/** Runs steps and returns the seconds per iteration. */
function timed({ trainer }, batches, steps) {
  const begin = performance.now();
  for (let step = 0; step < steps; step++) trainer.step(batches[step % batches.length]);
  return (performance.now() - begin) / 1000 / steps;
}
