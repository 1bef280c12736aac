/**
 * Counts the kernels of a training iteration with TensorFlow.js ops: `node tools/bench/kernels.mjs --workload S --json`.
 *
 * On a GPU the time of an iteration depends on their number: launching a kernel takes longer than running it. Exit
 * status: 0 done, 1 failed, 2 if the command is wrong.
 */
import "../node-version.mjs";
import { script } from "../flags.mjs";
import { WORKLOADS } from "./workloads.mjs";

const FLAGS = {
  workload: { kind: "choice", choices: Object.keys(WORKLOADS), default: "S", help: "sizes of network and sequences" },
  backend: { kind: "choice", choices: ["cpu", "tensorflow"], default: "cpu", help: "TensorFlow.js backend" },
  json: { kind: "switch", help: "print one JSON line instead of a table" },
};

process.exitCode = await script({ name: "bench:kernels", call: "npm run bench:kernels --", flags: FLAGS }, main);

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main(options) {
  try {
    const { setUp } = await import("../setup.mjs");
    await setUp();
    const { countWorkload } = await import("./kernels-of-workload.mjs");
    const { table } = await import("./kernel-table.mjs");
    const result = await countWorkload(options);
    console.log(options.json ? JSON.stringify(result) : table(result));
    return 0;
  } catch (error) {
    console.error(error);
    return 1;
  }
}
