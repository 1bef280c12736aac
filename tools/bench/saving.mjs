/**
 * Measures the cost of saving: `node tools/bench/saving.mjs [--blocks N]` trains the default network with a checkpoint
 * every 100 iterations and compares the time of the 50 iterations that begin with a save to that of the 50 iterations
 * after them, block by block in one process, so that other load affects both. The median difference is the cost of a
 * save; its limit is a hundredth of the time of 1000 iterations. Prints one JSON line.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setUp } from "../setup.mjs";
import { commit, machineFacts } from "./machine.mjs";
import { quantiles } from "./quantiles.mjs";

const INTERVAL = 100;
const ITERATIONS = 1000;
/** Number of blocks to skip: the first ones are slower, until V8 has compiled the code. */
const WARM_UP = 20;

const { values } = parseArgs({ options: { blocks: { type: "string", default: "300" } } });
const blocks = Number(values.blocks);

await setUp();
const { times, seconds } = await trained((blocks + WARM_UP + 1) * INTERVAL);
const costs = [];
for (let block = WARM_UP + 1; block <= WARM_UP + blocks; block++) {
  const [begin, middle, end] = [0, INTERVAL / 2, INTERVAL].map((offset) => times[block * INTERVAL + offset - 1]);
  costs.push(middle - begin - (end - middle));
}
const { p10, p50, p90 } = quantiles(costs);
const iteration = quantiles(times.slice(1).map((time, index) => time - times[index])).p50;
const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
const rounded = (value) => Number(value.toFixed(3));
console.log(
  JSON.stringify({
    blocks,
    seconds: rounded(seconds),
    milliseconds_an_iteration: rounded(iteration),
    milliseconds_a_save: { p10: rounded(p10), p50: rounded(p50), p90: rounded(p90), mean: rounded(mean) },
    percent_at_1000: rounded((100 * p50) / (ITERATIONS * iteration)),
    percent_at_1000_by_mean: rounded((100 * mean) / (ITERATIONS * iteration)),
    commit: commit(),
    machine: machineFacts(),
  }),
);

/** Trains and returns the end of each iteration, in milliseconds; a save begins after every hundredth. */
async function trained(iterations) {
  const trainer = "../../apps/trainer/dist";
  const { readSettings } = await import(`${trainer}/flags/settings.js`);
  const { planRun } = await import(`${trainer}/flags/plan.js`);
  const { openSession } = await import(`${trainer}/run/session.js`);
  const { train } = await import(`${trainer}/run/train.js`);
  const { probeBackend } = await import(`${trainer}/backends/select-backend.js`);
  await probeBackend("cpu");
  const folder = mkdtempSync(join(tmpdir(), "dnc-saving-"));
  const words = {
    seed: "1",
    checkpoint_dir: join(folder, "run"),
    num_training_iterations: String(iterations),
    // Reports take time too, so there are none here.
    report_interval: String(iterations + 1),
    checkpoint_interval: String(INTERVAL),
  };
  const session = await openSession(await planRun(readSettings(words)), "cpu", () => {});
  const times = [];
  const silent = () => {};
  const progress = () => times.push(performance.now());
  const reporter = { start: silent, progress, report: silent, notice: silent, failure: silent, end: silent };
  try {
    const { seconds } = await train({ ...session, iterations, reporter, shouldStop: () => false });
    return { times, seconds };
  } finally {
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
