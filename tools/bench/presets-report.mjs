/** Report on trained presets, as Markdown. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { median } from "./quantiles.mjs";

const HEAD = `# Presets, trained and graded

Each preset of \`dnc presets\` that was trained, with every seed: one row for each part of its grade. *Figure* is the median over the seeds, then
the figure of each with its standard error over the new sequences; *minutes* is the median time of a run on one thread, beside another
run. A preset has passed if the median of every figure has, and no run has failed; where there are fewer than three seeds,
the others have not been run yet. \`NAME-seed-N.json\` has the whole grade, the
command, machine and commit, \`NAME-seed-N.jsonl\` the curve: \`loss\` (nats per sequence) and \`exact_match\` since the line before.
`;

/**
 * @param {string} folder - where the records are.
 * @param {Record<string, object>} presets - the presets by name.
 * @returns {string} the page.
 */
export function presetsReport(folder, presets) {
  const records = readdirSync(folder)
    .filter((file) => /-seed-\d+\.json$/.test(file))
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")));
  const names = Object.keys(presets).filter((name) => records.some(({ preset }) => preset === name));
  const rows = names.flatMap((name) => {
    const runs = records.filter(({ preset }) => preset === name).sort((a, b) => a.seed - b.seed);
    return presets[name].grade.map((criterion, index) => rowOf(name, criterion, runs, index));
  });
  const columns = ["preset", "on", "grade", "figure", "seeds", "passed", "published", "iterations", "minutes"];
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const files = names.some((name) => needsBabiFiles(presets[name].settings)) ? " --babi_dir=FOLDER" : "";
  const machines = [...new Set(records.map(({ machine, commit, date }) => `${machine}; commit ${commit}; ${date}`))];
  return `${[
    HEAD,
    line(columns),
    line(columns.map(() => "---")),
    ...rows.map(line),
    "",
    "## Machine",
    "",
    ...machines.map((fact) => `- ${fact}`),
    "",
    "## Command",
    "",
    `    node tools/bench/presets.mjs --presets=${names.join(",")} --seeds=1,2,3${files}`,
  ].join("\n")}\n`;
}

function rowOf(name, { on, metric, atLeast, atMost, sequences, published = "nothing" }, runs, index) {
  const values = runs.map(({ criteria }) => criteria[index]);
  const middle = median(values.map(({ value }) => value));
  const isPassed =
    runs.every(({ completed }) => completed) && (atLeast === undefined ? middle <= atMost : middle >= atLeast);
  const text = (value) => (/^bits|^slots|contrast$/.test(metric) ? value.toFixed(3) : `${(100 * value).toFixed(2)}%`);
  const bound = atLeast === undefined ? `at most ${text(atMost)}` : `at least ${text(atLeast)}`;
  return [
    name,
    `${on}, ${sequences} sequences`,
    `${metric} ${bound}`,
    text(middle),
    values.map(({ value, standard_error: error }) => `${text(value)} ± ${text(error)}`).join(", "),
    isPassed ? "yes" : "**no**",
    published,
    runs[0].step,
    median(runs.map(({ minutes }) => minutes)).toFixed(1),
  ];
}

/** Whether a preset with these settings learns from bAbI's files. */
export function needsBabiFiles(settings) {
  return settings?.task === "babi" && settings.task_flags?.babi_source !== "generated";
}
