/** Tests the measurement on a GPU with peers that only pretend: which of them are timed, in which order, and what failures leave. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { jsonLines } from "../bench/json-lines.mjs";
import { root } from "../pnpm.mjs";

/** A Python that has JAX, and no PyTorch; prints what a peer would. `slow` is an argument with which a peer hangs. */
const python = (slow) => `#!/bin/sh
case "$*" in
  "-c import torch"*) echo "Traceback" >&2; echo "ModuleNotFoundError: No module named 'torch'" >&2; exit 1 ;;
  -c*) exit 0 ;;
  *${slow}*) sleep 100 ;;
  *--unroll=0*) echo "out of memory" >&2; exit 1 ;;
  *--linkgrad=auto*) echo '{"it_per_s_median": 100, "it_per_s_pipelined": 900}' ;;
  *command_buffer*) echo '{"it_per_s_median": 500, "it_per_s_pipelined": 500}' ;;
  *) echo '{"it_per_s_median": 300, "it_per_s_pipelined": 300}' ;;
esac
`;

function measure(flags, { slow = "never" } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "dnc-gpu-measurement-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "peers"));
  writeFileSync(join(folder, "peers/bench_jax.py"), "");
  writeFileSync(join(folder, "python"), python(slow));
  chmodSync(join(folder, "python"), 0o755);
  const out = join(folder, "out");
  const own = [`--peers=${join(folder, "peers")}`, `--python=${join(folder, "python")}`, `--out=${out}`, "--backends="];
  const { status, stderr } = spawnSync(process.execPath, [join(root, "tools/bench/gpu.mjs"), ...own, ...flags], {
    encoding: "utf8",
  });
  const lines = (file) => jsonLines(join(out, file));
  return { status, stderr, lines, report: () => readFileSync(join(out, "README.md"), "utf8") };
}

it("tries each variant of the peers once, then times the fastest by either measure in turn", () => {
  const { status, lines, report } = measure(["--parts=tune,bench", "--workloads=S,M", "--rounds=2"]);
  const tried = lines("tune.jsonl");
  expect(tried.filter(({ workload }) => workload === "S")).toHaveLength(7);
  expect(tried.filter(({ workload }) => workload === "M")).toHaveLength(6); // nothing is unrolled there
  const timed = lines("raw.jsonl").map(({ round, workload, candidate }) => `${round} ${workload} ${candidate}`);
  const both = ["JAX, loop in a CUDA graph", "JAX, plain gradients"];
  expect(timed).toEqual(
    ["1 S", "1 M", "2 S", "2 M"].flatMap((where) => both.map((candidate) => `${where} ${candidate}`)),
  );
  expect(status).toBe(1);
  expect(lines("failures.jsonl").map(({ part, what }) => `${part}: ${what}`)).toEqual([
    "tune: PyTorch is left out: ended with status 1: ModuleNotFoundError: No module named 'torch'",
    "tune: JAX, unrolled, S: ended with status 1: out of memory",
  ]);
  expect(report()).toContain("- tune: PyTorch is left out: ended with status 1");
  expect(report()).toContain("| JAX, loop in a CUDA graph | 500 | 500-500 | 1.00 |");
});

it("ends what exceeds the time limit of its part, and names what is left out", () => {
  const { status, lines } = measure(["--parts=tune", "--workloads=S,M", "--limit=5"], { slow: "--unroll=0" });
  expect(status).toBe(1);
  const [, late, ...left] = lines("failures.jsonl").map(({ what }) => what);
  expect(late).toMatch(/^JAX, unrolled, S: did not end within \d s$/);
  expect(left[0]).toBe("out of time, left out: JAX, unrolled by 4, M");
  expect(left).toHaveLength(4 + 4);
});
