/** Report on a sweep of variants at equal time, as Markdown. */
import { median } from "./quantiles.mjs";

/** Exact match from which a run has learned the task. */
const LEARNED = 0.99;

/**
 * @param {object} sweep
 * @param {import("@dnc/report").SweptRun[]} sweep.runs - the runs, whose results are their last reports.
 * @param {{ name: string }[]} sweep.settings - what varies, each `false` and `true`.
 * @param {{ minutes: number }} sweep.budget - training time of each run.
 * @param {{ machine?: string, commit?: string, date?: string, note?: string }} sweep.facts - where and when it was made, and what a
 *   reader must know besides.
 * @returns {string} the page.
 */
export function sweepVariantsReport({ runs, settings, budget, facts }) {
  const names = settings.map(({ name }) => name);
  const measured = runs.map((run) => ({ ...run, ...resultOf(run) }));
  const seeds = new Set(runs.map(({ seed }) => seed)).size;
  const missing = runs.filter(({ status }) => status === "unfinished" || status === "waiting").length;
  const common = Math.min(...measured.filter(({ result }) => result).map(({ result }) => result.step));
  const { machine = "machine not recorded", commit = "not recorded", date = "date not recorded" } = facts;
  return `${[
    "# Repeat copy with variants of the memory, at equal time",
    "",
    `The default repeat copy of \`dnc train\` with and without ${listed(names)} (Csordás and Schmidhuber 2019,`,
    `arXiv:1904.10278), alone and together: ${runs.length / seeds} settings, ${seeds} seeds each, ${Number((60 * budget.minutes).toPrecision(6))} seconds of training for each run, on one thread.`,
    ...(missing > 0 ? ["", `**Not complete: ${missing} of ${runs.length} runs have not ended.**`] : []),
    "",
    "[The page](report.html) has the curves and the best run, [runs.csv](runs.csv) a row for each run, [sweep.json](sweep.json) is the plan.",
    "[Sweeps](../../../docs/guide/sweeps.md#what-a-sweep-taught) says what it teaches.",
    "",
    "![Exact match by time: mean and deviation of each setting](figures/exact-match-by-time.svg)",
    "",
    "## Settings",
    "",
    ...settingsTable(measured, names),
    "",
    "*Exact match* is the share of sequences without a wrong bit in the last report of a run: mean with sample standard deviation, and",
    "median, over the seeds that trained to the end. *Minus the default* is the mean difference to the first row for the same seeds, and its",
    "standard error, in percentage points. A run has learned when a report shows an exact match of 99%; *iterations* and *seconds to 99%* are",
    "medians over all seeds, where one that did not learn is later than all that did. A run that failed has no result and counts as not",
    "having learned, unless it had before it failed.",
    "",
    "## Main effects",
    "",
    ...effectsSection(measured, names, common),
    "",
    "## Made by",
    "",
    "    node tools/bench/sweep-variants.mjs",
    "",
    "It runs `dnc sweep` with [sweep.json](sweep.json), `dnc report` with its results, and writes this page.",
    "",
    `${machine}; commit ${commit}; ${date}; ${text(hoursOf(measured), 1)} hours of training in all.`,
    ...evennessOf(measured, names),
    ...(facts.note === undefined ? [] : ["", facts.note]),
  ].join("\n")}\n`;
}

/** Says how even the speeds of runs were: at equal time a run beside other programs is at a disadvantage. */
function evennessOf(runs, names) {
  const speeds = [...bySetting(runs, names).values()].flatMap((group) => {
    const own = group.flatMap(({ result }) => (result ? [result.step / result.seconds] : []));
    return own.map((speed) => 100 * (speed / median(own) - 1));
  });
  if (speeds.length === 0) return [];
  const [slowest, fastest] = [Math.min(...speeds), Math.max(...speeds)];
  return [
    `Iterations per second of a run differed from the median of its setting by ${signed(slowest, 1)}% to ${signed(fastest, 1)}%.`,
  ];
}

function bySetting(runs, names) {
  return groupedBy(runs, (run) => names.map((name) => run.settings[name]).join());
}

/** Reads what a run reached: its last report if it trained to its end, and the first report that shows an exact match of 99%. */
function resultOf({ status, metrics: { reports } }) {
  return {
    result: status === "finished" ? reports.at(-1) : undefined,
    learned: reports.find(({ exact_match: match }) => match >= LEARNED),
  };
}

function settingsTable(runs, names) {
  const groups = bySetting(runs, names);
  const [base] = groups.values();
  const rows = [...groups.values()].map((group) => {
    const finished = group.filter(({ result }) => result);
    const failed = group.filter(({ status }) => status === "failed").length;
    const first = (key) => group.map(({ learned }) => learned?.[key] ?? Number.POSITIVE_INFINITY);
    const spread = (key) => statistics(finished.map(({ result }) => result[key]));
    const { mean, deviation } = spread("exact_match");
    return [
      ...names.map((name) => (group[0].settings[name] ? "on" : "off")),
      `${text(100 * mean, 2)}% ± ${text(100 * deviation, 2)}`,
      `${text(100 * median(finished.map(({ result }) => result.exact_match)), 2)}%`,
      group === base ? "" : withError(differences(base, group), 2),
      text(spread("step").mean, 0),
      `${group.filter(({ learned }) => learned).length} of ${group.length}`,
      orNever(median(first("step")), 0),
      orNever(median(first("seconds")), 1),
      finished.length,
      failed,
    ];
  });
  const measures = [
    "exact match",
    "median",
    "minus the default",
    "iterations",
    "learned",
    "iterations to 99%",
    "seconds to 99%",
  ];
  return table([...names, ...measures, "seeds", "failed"], rows);
}

/** Computes the differences of the exact match to the default in percentage points, for the seeds that have both. */
function differences(base, group) {
  return group.flatMap(({ seed, result }) => {
    const other = base.find((run) => run.seed === seed)?.result;
    return result && other ? [100 * (result.exact_match - other.exact_match)] : [];
  });
}

function effectsSection(runs, names, common) {
  const measures = [
    { title: "exact match, points", of: ({ result }) => 100 * result.exact_match, digits: 2 },
    {
      title: `exact match after ${common} iterations, points`,
      of: ({ metrics }) => 100 * metrics.reports.findLast(({ step }) => step <= common).exact_match,
      digits: 2,
    },
    // Of logarithms, so that the effect is a ratio.
    { title: "iterations in the time, %", of: ({ result }) => 100 * Math.log(result.step), digits: 1, isRatio: true },
  ];
  const bySeed = [...groupedBy(runs, ({ seed }) => seed).values()].filter((own) => own.every(({ result }) => result));
  if (bySeed.length < 2) return ["Fewer than two seeds have all settings."];
  const effects = names.map((name) => measures.map(({ of }) => statistics(bySeed.map((own) => effect(own, name, of)))));
  const [{ of: atEqualTime }] = measures;
  const rows = names.map((name, at) => [
    name,
    ...measures.map(({ digits, isRatio }, column) => effectText(effects[at][column], digits, isRatio)),
    countAbove(bySeed.map((own) => effect(own, name, atEqualTime))),
  ]);
  const pairs = names.flatMap((one, at) => names.slice(at + 1).map((other) => [one, other]));
  const interactions = pairs.map((pair) => {
    const values = bySeed.map((own) => interaction(own, pair, atEqualTime));
    return [pair.join(" and "), effectText(statistics(values), 2), countAbove(values)];
  });
  const clear = names.filter((_, at) => isClear(effects[at][0]));
  return [
    `For each of the ${bySeed.length} seeds that have all settings: the mean over the runs with a setting minus the mean over those without`,
    "it; then mean and standard error over the seeds. The first column compares at equal time, the second at equal iterations, the third is",
    "the price.",
    "",
    ...table(["setting", ...measures.map(({ title }) => title), "seeds with more at equal time"], rows),
    "",
    ...names.map((name, at) => `- ${name} ${sentence(effects[at])}`),
    "",
    clear.length === 0
      ? "At equal time no setting has an effect of more than two standard errors."
      : `At equal time the effect of ${listed(clear)} is more than two standard errors${clear.length < names.length ? ", that of the others is not" : ""}.`,
    "",
    "## Together",
    "",
    "The effect of one setting where the other is on minus its effect where that is off, at equal time, paired by seed: above 0 two settings",
    "are better together than their effects add up to.",
    "",
    ...table(["settings", "exact match, points", "seeds above 0"], interactions),
    "",
    `By chance one effect in twenty is more than two standard errors; at equal time here are ${names.length + pairs.length}.`,
  ];
}

function countAbove(values) {
  return `${values.filter((value) => value > 0).length} of ${values.length}`;
}

/** Computes how much more two settings change together than one by one, in the runs of one seed. */
function interaction(runs, [one, other], of) {
  const mean = (isSame) =>
    statistics(runs.filter(({ settings }) => (settings[one] === settings[other]) === isSame).map(of)).mean;
  return 2 * (mean(true) - mean(false));
}

/** Computes the effect of a setting in the runs of one seed. */
function effect(runs, name, of) {
  const mean = (isOn) => statistics(runs.filter(({ settings }) => settings[name] === isOn).map(of)).mean;
  return mean(true) - mean(false);
}

function sentence([time, iterations, speed]) {
  const verb = (found, up, down) => (isClear(found) ? (found.mean > 0 ? up : down) : "does not clearly change");
  return [
    `${verb(time, "raises", "lowers")} exact match at equal time`,
    `${verb(iterations, "raises", "lowers")} it at equal iterations`,
    `and ${verb(speed, "speeds iterations up", "slows iterations down").replace(/change$/, "change their speed")}.`,
  ].join(", ");
}

/** Whether an effect is more than two standard errors. */
function isClear({ mean, error }) {
  return Math.abs(mean) > 2 * error;
}

function effectText({ mean, error }, digits, isRatio = false) {
  const ratio = (value) => (isRatio ? 100 * Math.expm1(value / 100) : value);
  return `${signed(ratio(mean), digits)} ± ${text(error, digits)}`;
}

function withError(values, digits) {
  if (values.length === 0) return "–";
  const { mean, error } = statistics(values);
  return `${signed(mean, digits)} ± ${text(error, digits)}`;
}

function groupedBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** Computes mean, sample standard deviation and standard error of the mean; NaN where there are too few values. */
function statistics(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : Number.NaN;
  return { mean, deviation, error: deviation / Math.sqrt(values.length) };
}

function hoursOf(runs) {
  return runs.reduce((sum, { metrics }) => sum + (metrics.reports.at(-1)?.seconds ?? 0), 0) / 3600;
}

function orNever(value, digits) {
  return Number.isFinite(value) ? text(value, digits) : "not reached";
}

function signed(value, digits) {
  return `${value < 0 ? "−" : "+"}${text(Math.abs(value), digits)}`;
}

function text(value, digits) {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}

function listed(words) {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function table(columns, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)];
}
