/**
 * Measures the peak of the machine's matrix arithmetic: `node tools/bench/peak-native.mjs` compiles only the kernel's matrix product, for
 * each instruction set that the native engine has here, and times it on 1 and 2 threads on matrices that fit into the cache.
 * Prints JSON lines, GFLOP/s of all threads, best of many runs.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { availableInstructionSets } from "@dnc/engine-native";
import { KERNEL, KERNEL_FLAGS } from "../native-engine/compile.mjs";
import { findCompiler } from "../native-engine/compiler.mjs";
import { INSTRUCTION_SETS, TARGETS, thisTarget } from "../native-engine/targets.mjs";
import { root } from "../pnpm.mjs";
import { run } from "../process.mjs";

const folder = mkdtempSync(join(tmpdir(), "dnc-peak-"));
try {
  const { command, kind } = await findCompiler(false);
  const compiler = kind === "zig" ? [...command, "cc", "-fno-sanitize=all"] : command;
  const program = join(folder, "peak");
  for (const set of availableInstructionSets()) {
    const flags = INSTRUCTION_SETS[TARGETS[thisTarget()].cpu][set];
    const source = join(root, "tools/bench/peak.c");
    const args = ["-O3", "-D_GNU_SOURCE", ...KERNEL_FLAGS, ...flags, `-I${KERNEL}`, source, "-o", program, "-lpthread"];
    await call([...compiler, ...args]);
    for (const threads of ["1", "2"])
      for (const line of (await call([program, threads])).trim().split("\n"))
        console.log(JSON.stringify({ instruction_set: set, ...JSON.parse(line) }));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function call(command) {
  const { status, output } = await run(command);
  if (status !== 0) throw new Error(`${command[0]} ended with status ${status}:\n${output}`);
  return output;
}
