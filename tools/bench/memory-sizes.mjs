/**
 * Tests networks that were trained on graph traversal with other sizes of the memory, on graphs of other sizes (Graves et al. 2016,
 * Extended Data Figure 2):
 *
 *     npm run dnc -- train --preset=graph-traversal --seed=1 --checkpoint_dir=runs/traversal-1
 *     node tools/bench/memory-sizes.mjs --runs=runs/traversal-1
 *
 * The weights do not depend on the number of slots, and are used as they are. Writes raw numbers and a table. Exit status: 0, or 2 if
 * the command is wrong.
 */
import "../node-version.mjs";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { script, UsageError } from "../flags.mjs";
import { commit, machineFacts } from "./machine.mjs";
import { memorySizesReport } from "./memory-sizes-report.mjs";

/** Graphs by their number of edges: nodes, and edges that leave each. The first lesson trains on 3 to 10 nodes with 2 to 4 edges. */
const GRAPHS = [
  [4, 2],
  [8, 2],
  [8, 3],
  [8, 4],
  [10, 4],
  [12, 4],
  [16, 4],
  [24, 4],
  [32, 4],
].map(([nodes, degree]) => ({ nodes, degree, edges: nodes * degree }));

/** Sizes of the memory, in sizes of that in training. */
const FACTORS = [1 / 4, 1 / 2, 1, 2, 4];

/** Seed of the graphs; those of training are smaller. */
const SEED = 2 ** 31;

const FLAGS = {
  runs: { kind: "list", required: true, help: "folders of runs of the preset graph-traversal" },
  sequences: { kind: "integer", min: 10, default: 400, help: "new sequences for each number" },
  out: { kind: "text", default: "bench/results/memory-sizes", help: "folder for raw.json and README.md" },
};

process.exitCode = await script(
  { name: "memory-sizes", call: "node tools/bench/memory-sizes.mjs", flags: FLAGS },
  main,
);

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main({ runs, sequences, out }) {
  const { setUp } = await import("../setup.mjs");
  await setUp();
  const { loadNetwork } = await import("../../packages/checkpoint/dist/node/network.js");
  const { graphTraversal } = await import("@dnc/tasks");
  await startEngine();
  const results = [];
  for (const run of runs) {
    const config = JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
    if (config.task !== "graph-traversal")
      throw new UsageError(`--runs: expected runs of graph traversal, got ${run}, whose task is ${config.task}`);
    const trained = config.memory_size;
    for (const slots of FACTORS.map((factor) => Math.max(1, Math.round(factor * trained)))) {
      const network = await loadNetwork(run, { memorySize: slots });
      for (const { nodes, degree, edges } of GRAPHS) {
        const sizes = { minNodes: nodes, maxNodes: nodes, minDegree: degree, maxDegree: degree };
        const task = graphTraversal({ ...sizes, lengths: true, batchSize: 20 });
        const value = await accuracy(network, task, sequences);
        results.push({ seed: config.seed, trained, slots, nodes, degree, edges, ...value });
        process.stderr.write(`seed ${config.seed}, ${slots} slots, ${edges} edges: ${value.exactMatch.toFixed(3)}\n`);
      }
      network.dispose();
    }
  }
  const command = `node tools/bench/memory-sizes.mjs --runs=${runs.map((_, at) => `RUN${at + 1}`).join(",")}`;
  const record = { sequences, command, commit: commit(), machine: machineFacts(), results };
  mkdirSync(resolve(out), { recursive: true });
  writeFileSync(join(out, "raw.json"), `${JSON.stringify(record, null, 1)}\n`);
  writeFileSync(join(out, "README.md"), memorySizesReport(record));
  return 0;
}

/** Evaluates a network on new graphs. */
async function accuracy(network, task, sequences) {
  const { evaluate } = await import("../../packages/training/dist/index.js");
  const { createRandom } = await import("@dnc/tasks");
  const score = await evaluate(network, task, { random: createRandom(SEED), sequences });
  return { exactMatch: score.exactMatch / sequences, sequences };
}

/** Loads TensorFlow.js with the fastest engine that there is. */
async function startEngine() {
  const tf = await import("@tensorflow/tfjs");
  tf.env().set("IS_TEST", true); // no banner
  await tf.setBackend("cpu");
  try {
    await (await import("@dnc/engine-native")).startThreads(1);
  } catch {
    await (await import("@dnc/engine-wasm")).startThreads(1);
  }
}
