/** The report of a measurement on a GPU, as Markdown, from the files of its parts. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { jsonLines } from "./json-lines.mjs";
import { commit, machineFacts } from "./machine.mjs";
import { median } from "./quantiles.mjs";

/** @param {{ out: string }} options - where the files are. */
export function gpuReport({ out }) {
  const lines = jsonLines(join(out, "raw.jsonl"));
  const workloads = [...new Set(lines.map(({ workload }) => workload))];
  return `${[
    "# Training on a GPU, compared with other implementations",
    "",
    `Written by \`tools/bench/gpu.mjs\` on ${new Date().toISOString().slice(0, 10)}.`,
    ...["", "## Machine", "", ...machine(out).map((fact) => `- ${fact}`)],
    ...section("The backends", backends(out)),
    ...section("Parity with reference data", parity(out)),
    ...section("Microseconds of each kernel of an iteration, WebGPU", kernels(out)),
    ...workloads.flatMap((workload) => section(`Iterations per second, ${workload}`, speed(workload, lines))),
    ...(workloads.length > 0 ? [...note(), ""] : []),
    ...section("Variants of the peers, each tried once", tried(out)),
    ...section("Repeat copy with the default configuration", training(out)),
    ...section("What failed", failures(out)),
    ...section(
      "Commands",
      [
        ...new Set([
          ...commands(out),
          ...[...lines, ...jsonLines(join(out, "train.jsonl"))].map(({ command }) => command),
        ]),
      ].map((c) => `    ${c}`),
    ),
  ].join("\n")}\n`;
}

function section(title, lines) {
  return lines.length === 0 ? [] : ["", `## ${title}`, "", ...lines];
}

function note() {
  return [
    "",
    "Medians over rounds, with the lowest and highest. it/s: the loop waits for the loss of every iteration; pipelined: it reads",
    "nothing before its end. Ratios are to the strongest peer in the same column. All compute in full float32. What the peers compile is",
    "kept between rounds; compiling is not timed.",
  ];
}

function speed(workload, lines) {
  const of = lines.filter((line) => line.workload === workload);
  const rows = [...new Set(of.map(({ candidate }) => candidate))].map((candidate) => {
    const runs = of.filter((line) => line.candidate === candidate && !line.error);
    const rates = (key) => runs.map((run) => run[key]).filter((rate) => typeof rate === "number");
    const ours = of.some((line) => line.candidate === candidate && line.ours);
    return { candidate, ours, synced: rates("it_per_s_median"), queued: rates("it_per_s_pipelined") };
  });
  const strongest = (key) => Math.max(...rows.filter(({ ours }) => !ours).map((row) => median(row[key]) || 0));
  const [synced, queued] = [strongest("synced"), strongest("queued")];
  return table(
    ["", "it/s", "lowest-highest", "ratio", "pipelined, it/s", "ratio"],
    rows.map((row) => [
      row.ours ? `**${row.candidate}**` : row.candidate,
      ...(row.synced.length === 0
        ? ["failed", "", ""]
        : [digits(median(row.synced)), range(row.synced), ratio(row.synced, synced)]),
      ...(row.queued.length === 0 ? ["", ""] : [digits(median(row.queued)), ratio(row.queued, queued)]),
    ]),
  );
}

function backends(out) {
  const path = join(out, "doctor.json");
  const [found] = existsSync(path) ? jsonLines(path) : [];
  if (!found) return [];
  return table(
    ["", "", "it/s", "loss from the reference step's", ""],
    found.backends.map(({ backend, works, iterationsPerSecond, apart, what, engine }) => [
      backend,
      works ? "works" : "does not work",
      iterationsPerSecond === undefined ? "" : digits(iterationsPerSecond),
      typeof apart === "number" ? apart.toExponential(0) : "",
      [what, engine].filter(Boolean).join("; "),
    ]),
  );
}

function parity(out) {
  return ["webgpu", "cuda"].flatMap((backend) => {
    const path = join(out, `parity-${backend}.txt`);
    if (!existsSync(path)) return [];
    return [`- ${backend}: ${readFileSync(path, "utf8").trim().split("\n").at(-1)}`];
  });
}

/** Formats the last measurement of each workload's kernels. */
function kernels(out) {
  const lines = jsonLines(join(out, "kernels.jsonl")).filter(({ us }) => us);
  const last = [...new Map(lines.map((line) => [line.workload, line])).values()];
  if (last.length === 0) return [];
  const names = Object.keys(last[0].us);
  const rows = last.map(({ workload, us, us_sum: sum }) => [
    workload,
    ...names.map((name) => digits(us[name])),
    digits(sum),
  ]);
  return table(["", ...names, "all"], rows);
}

/** Formats the short runs by which the peers' variants were chosen. */
function tried(out) {
  const lines = jsonLines(join(out, "tune.jsonl"));
  if (lines.length === 0) return [];
  return table(
    ["", "", "it/s", "pipelined, it/s"],
    lines.map(({ workload, candidate, error, it_per_s_median: synced, it_per_s_pipelined: queued }) => [
      ...[workload, candidate],
      ...(error === undefined ? [digits(synced), digits(queued)] : ["failed", ""]),
    ]),
  );
}

function training(out) {
  return jsonLines(join(out, "train.jsonl")).map(({ backend, share, reached, last, error }) => {
    const files = `curve-${backend}.jsonl`;
    const percent = (fraction) => `${(100 * fraction).toFixed(1)}%`;
    if (reached)
      return `- ${backend}: ${percent(share)} exact match after ${reached.step} iterations, ${reached.seconds.toFixed(1)} s; loss ${reached.loss.toFixed(4)} nats per sequence (${files})`;
    if (error !== undefined || !last) return `- ${backend}: failed`;
    return `- ${backend}: ${percent(share)} exact match not reached; ${percent(last.exact_match)} after ${last.step} iterations, ${last.seconds.toFixed(1)} s; loss ${last.loss.toFixed(4)} nats per sequence (${files})`;
  });
}

/** Lists what failed or was left out, part by part. */
function failures(out) {
  return jsonLines(join(out, "failures.jsonl")).map(({ part, what }) => `- ${part}: ${what.split("\n")[0]}`);
}

function commands(out) {
  const path = join(out, "commands.txt");
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
}

function machine() {
  const measured = commit();
  return [...gpus(), ...machineFacts(), ...(measured ? [`Commit ${measured}`] : [])];
}

function gpus() {
  const query = ["--query-gpu=name,driver_version,memory.total,clocks.sm,clocks.max.sm", "--format=csv,noheader"];
  try {
    return execFileSync("nvidia-smi", query, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
      .trim()
      .split("\n")
      .map((line) => `GPU: ${line} (name, driver, memory, clock now, highest clock)`);
  } catch {
    return ["GPU: none that nvidia-smi knows"];
  }
}

function ratio(rates, strongest) {
  return strongest > 0 ? (median(rates) / strongest).toFixed(2) : "";
}

function range(rates) {
  return `${digits(Math.min(...rates))}-${digits(Math.max(...rates))}`;
}

function table(head, rows) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

function digits(value) {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
