import { shellCommand } from "@dnc/report";
import type { ValuesOf } from "@dnc/settings/flags";
import {
  type COMPARE_FLAGS,
  type DOCTOR_FLAGS,
  type EVAL_FLAGS,
  type GRADE_FLAGS,
  type INSPECT_FLAGS,
  type PRESETS_FLAGS,
  REPORT_FLAGS,
  type SWEEP_FLAGS,
  type TRACE_FLAGS,
} from "./command-flags.js";

type CamelCase<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** Options with names in camel case: `memorySize` for `memory_size`. */
type CamelCased<Options> = { readonly [Name in keyof Options as CamelCase<Name & string>]: Options[Name] };

/** Options of a command that reads a run; with `pretrained` the folder is that of the network of this name. */
type OnRun<Options> = CamelCased<Options> & { readonly run: string };

/** Options as on the command line, where `pretrained` may stand in for the run. */
export type Unresolved<Options extends { readonly run: string }> = Omit<Options, "run"> & {
  readonly run?: string | undefined;
};

export type DoctorOptions = CamelCased<ValuesOf<typeof DOCTOR_FLAGS>>;
export type PresetsOptions = CamelCased<ValuesOf<typeof PRESETS_FLAGS>>;
export type CompareOptions = CamelCased<ValuesOf<typeof COMPARE_FLAGS>> & { readonly preset: string };
export type SweepOptions = CamelCased<ValuesOf<typeof SWEEP_FLAGS>> & { readonly file: string };
export type GradeOptions = OnRun<ValuesOf<typeof GRADE_FLAGS>>;
export type EvalOptions = OnRun<ValuesOf<typeof EVAL_FLAGS>>;
export type TraceOptions = OnRun<ValuesOf<typeof TRACE_FLAGS>>;
export type InspectOptions = OnRun<ValuesOf<typeof INSPECT_FLAGS>>;
export type ReportOptions = OnRun<ValuesOf<typeof REPORT_FLAGS>> & {
  /** Further runs, to compare with `run`. */
  readonly moreRuns: readonly string[];
  /** The command line without defaults, for the report. */
  readonly commandLine: string;
};

/** Converts the names of flags to camel case. */
export function camelCased(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const camelCase = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [camelCase(name), value]));
}

/** Formats the command line of `dnc report`, without defaults. */
export function reportCommandLine(runs: readonly string[], values: Readonly<Record<string, unknown>>): string {
  const changed = REPORT_FLAGS.filter(({ name, default: defaultValue }) => values[name] !== defaultValue);
  const folders = runs.map((run) => (run.startsWith("-") ? `./${run}` : run)); // otherwise it would be parsed as a flag
  const words = changed.map(({ name }) => (values[name] === true ? `--${name}` : `--${name}=${values[name]}`));
  return shellCommand(["dnc", "report", ...folders, ...words]);
}
