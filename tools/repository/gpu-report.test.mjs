/** Tests the report of a measurement on a GPU, from files like those that its parts write. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { gpuReport } from "../bench/gpu-report.mjs";

it("contains medians over rounds, ratios to the fastest peer, and failures", () => {
  const out = mkdtempSync(join(tmpdir(), "dnc-gpu-report-"));
  onTestFinished(() => rmSync(out, { recursive: true, force: true }));
  const line = (candidate, ours, round, rate, queued) => ({
    ...{ candidate, ours, round, workload: "S", command: `run ${candidate}` },
    ...(rate === undefined ? { error: "ended with status 1" } : { it_per_s_median: rate, it_per_s_pipelined: queued }),
  });
  const lines = [
    ...[1000, 3000, 2000].map((rate, index) => line("ours", true, index + 1, rate, 2 * rate)),
    ...[500, 400, 600].map((rate, index) => line("first peer", false, index + 1, rate, rate)),
    ...[100, 800, 800].map((rate, index) => line("second peer", false, index + 1, rate, 500)),
    line("third peer", false, 1),
  ];
  writeFileSync(join(out, "raw.jsonl"), lines.map((each) => `${JSON.stringify(each)}\n`).join(""));
  writeFileSync(join(out, "parity-webgpu.txt"), "a case; ok\n47 passed, 0 failed\n");
  const report = gpuReport({ out });
  expect(report).toContain("| **ours** | 2000 | 1000-3000 | 2.50 | 4000 | 8.00 |");
  expect(report).toContain("| second peer | 800 | 100-800 | 1.00 | 500 | 1.00 |");
  expect(report).toContain("| third peer | failed |");
  expect(report).toContain("- webgpu: 47 passed, 0 failed");
  expect(report).toContain("    run ours\n");
});
