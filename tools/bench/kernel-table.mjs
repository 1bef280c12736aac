/** Kernel counts as a text table: one line per kernel, one column per phase. */
import { PHASES } from "./kernel-counter.mjs";

/** @param {Awaited<ReturnType<typeof import("./kernels-of-workload.mjs").countWorkload>>} result */
export function table({ workload, backend, iteration, kernels, ...sums }) {
  const names = [...new Set(PHASES.flatMap((phase) => Object.keys(kernels[phase])))];
  const rows = names.map((name) => {
    const counts = PHASES.map((phase) => kernels[phase][name] ?? 0);
    return [name, ...counts, counts.reduce((sum, count) => sum + count)];
  });
  rows.sort((a, b) => b[b.length - 1] - a[a.length - 1]);
  const all = [["kernel", ...PHASES, "iteration"], ...rows, ["all", ...PHASES.map((phase) => sums[phase]), iteration]];
  const lines = all.map(
    ([name, ...cells]) => name.padEnd(16) + cells.map((cell) => String(cell).padStart(10)).join(""),
  );
  return [`workload ${workload}, backend ${backend}`, ...lines].join("\n");
}
