/** The report of a comparison, as Markdown. */
import { commit, machineFacts, versionOf } from "./machine.mjs";
import { median } from "./quantiles.mjs";

/** Runs during which other processes kept more cores than this busy are not reliable. */
const NOISY = 0.1;

/**
 * @param {object[]} lines - the raw lines.
 * @param {import("./candidates.mjs").Candidate[]} all
 * @param {object} options - the command's, by the names of its flags.
 */
export function compareReport(lines, all, options) {
  const workloads = options.workloads.filter((workload) => lines.some((line) => line.workload === workload));
  const tables = workloads.map((workload) => [workload, rowsOf(workload, lines, all)]);
  return `${[
    "# Training on the CPU, compared with other implementations",
    "",
    ...[`Written by \`tools/bench/compare.mjs\` on ${new Date().toISOString().slice(0, 10)}.`, ...trust(lines)],
    "",
    ...table(
      ["", "this repository, it/s", "strongest peer, it/s", "ratio", "peak memory, MiB", "lowest peer, MiB"],
      tables.flatMap(([workload, rows]) => verdict(workload, rows)),
    ),
    ...tables.flatMap(([workload, rows]) => ["", `## ${workload}`, "", ...details(rows)]),
    "",
    "it/s: iterations per second, the median over rounds of each run's median iteration, with the lowest and highest round.",
    "Ratio: to the strongest peer of the workload. Peak memory and first iteration: medians over rounds. The first iteration",
    "is timed from the start of the process for this repository, and without imports but with compilation for the peers.",
    "Others' cores: the largest number of cores that other processes kept busy during a timed part.",
    ...["", "## Machine", "", ...facts(lines, options).map((fact) => `- ${fact}`)],
    ...["", "## Commands", "", ...commands(all, options)],
  ].join("\n")}\n`;
}

function rowsOf(workload, lines, all) {
  const rows = all
    .filter((candidate) => candidate.workloads.includes(workload))
    .map(({ name, ours }) => {
      const runs = lines.filter((line) => line.workload === workload && line.candidate === name && !line.error);
      const of = (key) => runs.map((run) => run[key] ?? Number.NaN);
      const rates = of("it_per_s_median");
      return {
        ...{ name, ours, rounds: runs.length, rate: median(rates) },
        ...{ low: Math.min(...rates), high: Math.max(...rates) },
        milliseconds: median(runs.map((run) => run.ms_p50 ?? run.ms_per_it_median)),
        ...{ memory: median(of("rss_mb")), first: median(of("first_step_s")), others: Math.max(...of("other_cores")) },
        threads: runs.find((run) => run.threads_used !== undefined && run.threads_used !== run.threads)?.threads_used,
      };
    });
  const strongest = best(rows.filter(({ ours }) => !ours));
  return rows.map((row) => ({ ...row, ratio: row.rate / (strongest?.rate ?? Number.NaN) }));
}

/** Finds the fastest row. */
function best(rows) {
  return rows.filter(({ rounds }) => rounds > 0).sort((a, b) => b.rate - a.rate)[0];
}

function verdict(workload, rows) {
  const [ours, peer] = [best(rows.filter((row) => row.ours)), best(rows.filter((row) => !row.ours))];
  if (!ours || !peer) return [];
  const least = Math.min(...rows.filter((row) => !row.ours && row.rounds > 0).map(({ memory }) => memory));
  const [, ...how] = ours.name.split(", "); // engine and threads
  return [
    [
      workload,
      `${digits(ours.rate)} (${how.join(", ")})`,
      `${digits(peer.rate)} (${peer.name})`,
      `**${ours.ratio.toFixed(2)}**`,
      ours.memory.toFixed(0),
      least.toFixed(0),
    ],
  ];
}

function details(rows) {
  const head = ["", "it/s", "lowest-highest", "ms", "ratio", "peak MiB", "first iteration, s", "others' cores"];
  const cells = rows.map((row) => {
    if (row.rounds === 0) return [row.name, "failed", "", "", "", "", "", ""];
    return [
      row.threads === undefined ? row.name : `${row.name} (only ${row.threads} took part)`,
      ...[
        digits(row.rate),
        `${digits(row.low)}-${digits(row.high)}`,
        digits(row.milliseconds),
        Number.isFinite(row.ratio) ? row.ratio.toFixed(2) : "",
      ],
      ...[row.memory.toFixed(0), row.first.toFixed(2), Number.isFinite(row.others) ? row.others.toFixed(2) : "?"],
    ];
  });
  return table(head, cells);
}

/** Writes what a reader should know before reading the numbers. */
function trust(lines) {
  const failed = lines.filter(({ error }) => error).length;
  const noisy = lines.filter((line) => line.other_cores > NOISY).length;
  return [
    ...(failed > 0 ? [`${failed} of ${lines.length} runs failed.`] : []),
    ...(noisy > 0
      ? [`**During ${noisy} of ${lines.length} runs other processes kept more than ${NOISY} cores busy.**`]
      : []),
  ];
}

function facts(lines, { python }) {
  const peers = [...new Set(lines.map(({ version }) => version).filter(Boolean))];
  const own = lines.filter((line) => line.instruction_set);
  const sets = [...new Set(own.map((line) => `${line.engine} ${line.instruction_set}`))];
  const measured = commit();
  return [
    ...machineFacts(),
    [versionOf(python), ...peers].filter(Boolean).join(", "),
    `Instruction sets of the engines: ${sets.join(", ")}`,
    ...(measured ? [`Commit ${measured}`] : []),
  ];
}

function commands(all, options) {
  const { rounds, seconds, wait_idle, engines, workloads, torch_modes, torch_threads, skip_compile } = options;
  const given = { rounds, seconds, wait_idle, engines, workloads, torch_modes, torch_threads, skip_compile };
  const flags = Object.entries(given).map(([name, value]) => `--${name}=${value}`);
  return [
    `    node tools/bench/compare.mjs --peers=PEERS --python=PYTHON ${flags.join(" ")}`,
    "",
    `which ran these commands in turns, ${rounds} ${rounds === 1 ? "round" : "rounds"} for each workload:`,
    "",
    ...workloads.flatMap((workload) =>
      all.filter((one) => one.workloads.includes(workload)).map((one) => `    ${one.display(workload)}`),
    ),
  ];
}

function table(head, rows) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

function digits(value) {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
