/** One report of a run: a line of `metrics.jsonl` as an object. Optional numbers are shown if present. */
export type MetricsRecord = {
  /** Number of iterations done since the run began. */
  readonly step: number;
  /** Mean loss since the last report, nats per sequence. */
  readonly loss: number;
  /** Fraction of the sequences since the last report without a wrong bit, from 0 to 1. */
  readonly exact_match?: number | undefined;
  /** The same of new sequences that are not trained on, if the run measures them. */
  readonly held_out_exact_match?: number | undefined;
  /** With lessons: number of that of the last iteration, from 1. */
  readonly lesson?: number | undefined;
  /** With lessons: number of iterations after which it began. */
  readonly lesson_began?: number | undefined;
  /** Mean global norm of the gradients since the last report, before clipping. */
  readonly gradient_norm?: number | undefined;
  /** Number of iterations since the last report. */
  readonly iterations?: number | undefined;
  /** Iterations per second since the last report. */
  readonly iterations_per_second?: number | undefined;
  /** Training time since the run began, in seconds. */
  readonly seconds?: number | undefined;
};

/** The metrics of a run. */
export type Metrics = {
  /** Reports, ascending in `step`. */
  readonly reports: readonly MetricsRecord[];
  /** Why the run stopped early, if it did. */
  readonly error?: string | undefined;
};

/** A byte-order mark, in text decoded as UTF-8 or with each byte read as a character. */
const BYTE_ORDER_MARK = /^(\ufeff|\u00ef\u00bb\u00bf)/;

const OPTIONAL = [
  ...(["held_out_exact_match", "lesson", "lesson_began", "gradient_norm"] as const),
  ...(["iterations", "iterations_per_second", "seconds"] as const),
];

/** The key of `exact_match` in files of older runs. */
const OLD_EXACT_MATCH = "solved";

/**
 * Parses the text of a `metrics.jsonl`.
 *
 *     const { reports, error } = parseMetrics(await readFile("runs/a/metrics.jsonl", "utf8"));
 *
 * A line is a report if its `step` and `loss` are finite numbers; other lines are skipped, such as a truncated last
 * line. A resumed run repeats steps: for each step only the last line counts, and later steps that precede it in the
 * file are dropped. `exact_match` may also be called `solved`, as in older runs. Runs in linear time.
 *
 * @param text - JSON objects, one per line.
 * @returns reports in ascending order of `step`; `error` is from the last line that has one, unless a report follows
 *   it.
 */
export function parseMetrics(text: string): Metrics {
  const reports: MetricsRecord[] = [];
  let error: string | undefined;
  for (const line of text.split("\n")) {
    const record = parseMetricsLine(line);
    if (typeof record?.error === "string") error = record.error;
    const report = record && reportOf(record);
    if (!report) continue;
    // Steps are ascending, so the reports to drop are the last ones.
    while ((reports.at(-1)?.step ?? Number.NEGATIVE_INFINITY) >= report.step) reports.pop();
    reports.push(report);
    error = undefined;
  }
  return { reports, error };
}

/**
 * Parses a line of a `metrics.jsonl`. A byte-order mark before it is skipped; `solved`, as in older runs, becomes
 * `exact_match`.
 *
 * @param line - the line, decoded as UTF-8 or with each byte read as a character.
 * @returns the object; undefined if the line is not an object, for example if it is truncated.
 */
export function parseMetricsLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line.replace(BYTE_ORDER_MARK, ""));
    if (typeof value !== "object" || value === null) return undefined;
    const { [OLD_EXACT_MATCH]: exactMatch, ...record } = value as Record<string, unknown>;
    return exactMatch === undefined ? record : { exact_match: exactMatch, ...record };
  } catch {
    // A process that was killed while writing leaves a truncated line.
    return undefined;
  }
}

/** Reads the numbers of a report; undefined if the record is not a report. */
function reportOf(record: Readonly<Record<string, unknown>>): MetricsRecord | undefined {
  const { step, loss } = record;
  if (!isFiniteNumber(step) || !isFiniteNumber(loss)) return undefined;
  const report: { -readonly [Name in keyof MetricsRecord]: MetricsRecord[Name] } = { step, loss };
  const { exact_match: exactMatch } = record;
  if (isFiniteNumber(exactMatch)) report.exact_match = exactMatch;
  for (const name of OPTIONAL) {
    const value = record[name];
    if (isFiniteNumber(value)) report[name] = value;
  }
  return report;
}

function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
