/** The presets that come with the trainer: settings of a run, and how its network is graded. */
import { readdirSync, readFileSync } from "node:fs";
import { formatValue } from "@dnc/report";
import type { FlagValue } from "../flags/flag-value.js";
import type { RunRecord } from "../flags/run-record.js";
import { closest } from "../flags/suggest.js";
import { UsageError } from "../usage-error.js";

/** The metrics of grades. */
export const METRICS = [
  "exact match",
  "bits per sequence",
  "bits above the optimum",
  "constraints satisfied",
  "question error",
  "word error",
  "allocation gate contrast",
  "freed slots contrast",
  "slots per pattern",
] as const;

export type MetricName = (typeof METRICS)[number];

/** What a network must reach on new sequences. */
export interface Criterion {
  /** Which sequences: `lengths 1 to 20`. */
  readonly on: string;
  readonly metric: MetricName;
  /** Bounds, of which one is given. */
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Number of new sequences; "all": those of a set that is measured whole, such as the test stories of bAbI. */
  readonly sequences: number | "all";
  /** Settings of the task or the memory that differ from the run's, under the names of flags; default: none. */
  readonly settings?: Readonly<Record<string, FlagValue>>;
  /** What was published, with its source; absent if nothing was. */
  readonly published?: string;
}

/** A preset, as its JSON file has it. */
export interface Preset {
  readonly description: string;
  /** Where task and sizes are from. */
  readonly source: string;
  /** Minutes on two cores, measured; null: it was not run. */
  readonly minutes: number | null;
  /** Flags of `dnc train`, `task_flags`, and `lessons` with their `promotion`. */
  readonly settings: Readonly<Record<string, unknown>> & { readonly task: string } & Pick<
      RunRecord,
      "lessons" | "promotion"
    >;
  readonly grade: readonly Criterion[];
}

const FOLDER = new URL("../../presets/", import.meta.url);

/** Lists the names of all presets. */
export function presetNames(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

/**
 * Reads a preset.
 *
 * @throws UsageError if there is none of this name.
 */
export function readPreset(name: string): Preset {
  const names = presetNames();
  if (names.includes(name)) return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));
  const suggestion = closest(name, names);
  const hint = suggestion === undefined ? "`dnc presets` lists them all" : `did you mean ${suggestion}?`;
  throw new UsageError(`unknown preset ${formatValue(name)}; ${hint}`);
}
