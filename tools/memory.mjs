/**
 * Draws the picture of the README, a trained memory at work: `node tools/memory.mjs`.
 *
 * Trains copy on the CPU, traces one sequence and writes docs/guide/memory.svg. It takes half a minute.
 */
import "./node-version.mjs";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryPicture } from "./diagram/memory-picture.mjs";
import { root } from "./pnpm.mjs";
import { run } from "./process.mjs";

/**
 * Flags of the run. A feed-forward controller has no internal memory, so the whole pattern is stored in the external
 * one.
 */
const TRAINING = [
  "--task=copy",
  "--controller=feed-forward",
  "--num_read_heads=1",
  "--max_length=8",
  "--num_bits=6",
  "--learning_rate=1e-3",
  "--num_training_iterations=4000",
  "--report_interval=1000",
  "--seed=1",
  "--backend=cpu",
];
const SEQUENCE = ["--length=8", "--seed=3", "--backend=cpu"];

const place = mkdtempSync(join(tmpdir(), "dnc-memory-"));
try {
  const folder = join(place, "run");
  const trace = join(place, "trace.json");
  await dnc("train", ...TRAINING, `--checkpoint_dir=${folder}`);
  await dnc("trace", folder, ...SEQUENCE, `--out=${trace}`);
  writeFileSync(join(root, "docs/guide/memory.svg"), memoryPicture(JSON.parse(readFileSync(trace, "utf8"))));
} finally {
  rmSync(place, { recursive: true, force: true });
}

async function dnc(...args) {
  const command = [process.execPath, join(root, "tools/dnc.mjs"), ...args];
  const { status } = await run(command, { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error(`dnc ${args[0]} failed with status ${status}`);
}
