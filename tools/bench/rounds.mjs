/**
 * Runs `npm test` repeatedly, each time in a new clone of the last commit:
 * `node tools/bench/rounds.mjs [--rounds N] [--load N]`. Prints one JSON line per round: time, the machine's load
 * before and after it, seconds, counts; status 1 if any round failed. The clone and output of a failed round are kept.
 *
 * `--load` keeps that many CPU cores busy meanwhile: timing-dependent tests must also pass on a busy machine.
 */
import { spawn } from "node:child_process";
import { chmodSync, createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../pnpm.mjs";
import { commit, machineFacts } from "./machine.mjs";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "20" }, load: { type: "string", default: "0" } },
});

const busy = Array.from({ length: Number(values.load) }, () =>
  spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }),
);
try {
  for (let round = 1; round <= Number(values.rounds); round++) {
    const result = await inFreshClone(round);
    console.log(JSON.stringify(result));
    if (result.status !== 0) process.exitCode = 1;
  }
  console.log(JSON.stringify({ commit: commit(), machine: machineFacts() }));
} finally {
  for (const child of busy) child.kill();
}

async function inFreshClone(round) {
  const folder = mkdtempSync(join(tmpdir(), "dnc-round-"));
  chmodSync(folder, 0o755); // some tests run as another user, who must be able to read the clone
  const [clone, log] = [join(folder, "clone"), join(folder, "output")];
  await ended("git", ["clone", "--quiet", root, clone], { stdio: "ignore" });
  const before = { round, at: new Date().toISOString(), busy: busy.length, load_before: loadavg()[0] };
  const start = performance.now();
  const output = createWriteStream(log);
  const status = await ended("npm", ["test"], { cwd: clone, stdio: ["ignore", "pipe", "pipe"] }, output);
  const seconds = Math.round((performance.now() - start) / 1000);
  const lines = readFileSync(log, "utf8").trimEnd().split("\n");
  if (status === 0) rmSync(folder, { recursive: true, force: true });
  return {
    ...before,
    load_after: loadavg()[0],
    seconds,
    status,
    result: lines.at(-1),
    ...(status === 0 ? {} : { kept: folder }),
  };
}

function ended(program, args, options, output) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, options);
    for (const stream of [child.stdout, child.stderr]) stream?.pipe(output, { end: false });
    child.on("error", reject);
    child.on("close", (status) => (output ? output.end(() => resolve(status)) : resolve(status)));
  });
}
