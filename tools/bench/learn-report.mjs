/** Report on the duration of learning, as Markdown. */
import { commit, machineFacts } from "./machine.mjs";
import { median } from "./quantiles.mjs";

/**
 * @param {object[]} runs - seed, flags, and result of `trainUntil`.
 * @param {object} options - the command's, by the names of its flags.
 */
export function learningReport(runs, { seeds, iterations, report_interval, share, threads }) {
  const percent = `${Number((100 * share).toFixed(2))}%`;
  const steps = runs.map(({ reached }) => reached?.step ?? Number.POSITIVE_INFINITY);
  const seconds = runs.map(({ reached }) => reached?.seconds ?? Number.POSITIVE_INFINITY);
  const measured = commit();
  const command = { seeds, iterations, report_interval, share, ...(threads === undefined ? {} : { threads }) };
  return `${[
    `# Repeat copy, learned to ${percent}`,
    "",
    `The default configuration of \`dnc train\`, until a report shows that at least ${percent} of the`,
    `${16 * report_interval} new sequences since the last report were reproduced exactly. Seconds count from the first iteration.`,
    `Written by \`tools/bench/learn.mjs\` on ${new Date().toISOString().slice(0, 10)}.`,
    "",
    ...table(
      [
        "seed",
        `iterations to ${percent}`,
        "seconds",
        "loss then, nats per sequence",
        "iterations per second",
        "last report",
      ],
      [
        ...runs.map(row),
        [
          "**median**",
          `**${formatMedian(median(steps), iterations)}**`,
          `**${formatMedian(median(seconds), iterations)}**`,
          "",
          "",
          "",
        ],
      ],
    ),
    "",
    "`seed-N.jsonl` is the complete curve of a run, one line per report: `loss` (nats per sequence) and `exact_match` (fraction of",
    "sequences without an error) are means over the iterations since the previous line.",
    "",
    "## Machine",
    "",
    ...[...machineFacts(), ...engines(runs), ...(measured ? [`Commit ${measured}`] : [])].map((fact) => `- ${fact}`),
    "",
    "## Commands",
    "",
    `    node tools/bench/learn.mjs ${Object.entries(command)
      .map(([name, value]) => `--${name}=${value}`)
      .join(" ")}`,
    "",
    "which ran these commands, each ended by Ctrl-C when it had reached the goal:",
    "",
    ...runs.map(({ flags }) => `    npm run dnc -- train ${flags.join(" ")}`),
  ].join("\n")}\n`;
}

function row({ seed, curve, reached, stopped, error }) {
  const last = curve.at(-1);
  const state = last ? `${(100 * (last.exact_match ?? last.solved)).toFixed(2)}% at ${last.step}` : "none";
  const instead = error ? "failed" : stopped ? "stopped" : "not reached";
  if (!reached) return [seed, instead, "", "", last ? rate(last) : "", state];
  return [seed, reached.step, reached.seconds.toFixed(1), reached.loss.toFixed(4), rate(reached), state];
}

/** Computes iterations per second over the whole run. */
function rate({ step, seconds }) {
  return (step / seconds).toFixed(0);
}

function formatMedian(value, iterations) {
  if (!Number.isFinite(value)) return `not within ${iterations} iterations`;
  return Number.isInteger(value) ? value : value.toFixed(1);
}

function engines(runs) {
  const engines = [...new Set(runs.map(({ engine }) => engine).filter(Boolean))];
  return engines.map((engine) => `Engine: ${engine}`);
}

function table(head, rows) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}
