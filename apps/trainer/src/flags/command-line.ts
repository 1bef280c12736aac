import { formatValue } from "@dnc/report";
import {
  type CommandLineWords,
  checkPath,
  checkPathWord,
  expectation,
  type SettingsObject,
  UsageError,
  unknownName,
  valuesFromWords,
} from "@dnc/settings";
import { type Flag, hasOwnFlags, type Settings } from "@dnc/settings/flags";
import type { CommanderError } from "commander";
import {
  type CompareOptions,
  camelCased,
  type DoctorOptions,
  type EvalOptions,
  type GradeOptions,
  type InspectOptions,
  type PresetsOptions,
  type ReportOptions,
  reportCommandLine,
  type SweepOptions,
  type TraceOptions,
  type Unresolved,
} from "./command-options.js";
import { type HelpOptions, type ParsedCommandLine, parseCommandLine } from "./parse-command-line.js";
import { COMMANDS } from "./registry.js";
import { readSettings } from "./settings.js";
import type { SplitWords } from "./task-flags.js";

/** A parsed command line: a command with its options, or text to print. */
export type Request =
  | { readonly command: "train"; readonly settings: Settings }
  | { readonly command: "presets"; readonly options: PresetsOptions }
  | { readonly command: "compare"; readonly options: CompareOptions }
  | { readonly command: "sweep"; readonly options: SweepOptions }
  | { readonly command: "grade"; readonly options: Unresolved<GradeOptions> }
  | { readonly command: "eval"; readonly options: Unresolved<EvalOptions> }
  | { readonly command: "trace"; readonly options: Unresolved<TraceOptions> }
  | { readonly command: "report"; readonly options: Unresolved<ReportOptions> }
  | { readonly command: "inspect"; readonly options: Unresolved<InspectOptions> }
  | { readonly command: "doctor"; readonly options: DoctorOptions }
  | { readonly command: "print"; readonly text: string };

/** The flags of `dnc train` that are no settings, and what each takes. */
const OTHER_FLAGS: Readonly<Record<string, string>> = { config: "the name of a file", preset: "the name of a preset" };

const NAMES = COMMANDS.map(({ name }) => name).join(", ");

/**
 * Parses and checks a command line. Underscores and hyphens in flag names are the same.
 *
 * @param args - the arguments without node and script.
 * @param help - see `HelpOptions`.
 * @throws UsageError with one sentence about the first error in it or in its config file.
 */
export function readCommandLine(args: readonly string[], help: HelpOptions = {}): Request {
  return requestOf(parseCommandLine(args, help), args);
}

/**
 * Checks a parsed command line.
 *
 * @param parsed - the result of `parseCommandLine`.
 * @param args - its arguments.
 * @throws UsageError as `readCommandLine`.
 */
export function requestOf(parsed: ParsedCommandLine, args: readonly string[]): Request {
  switch (parsed.kind) {
    case "help":
      return { command: "print", text: parsed.text };
    case "command":
      return commandRequest(parsed);
    case "unknown command":
      throw unknownCommand(parsed.word);
    case "error":
      throw usageError(parsed.error, args);
  }
}

function commandRequest({
  entry: { name, flags, takesRun, takesPreset, takesSweep, takesMoreRuns },
  words,
  args,
  unknown,
}: ParsedCommandLine & { readonly kind: "command" }): Request {
  const values = name === "train" ? settingsFrom(words, unknown) : valuesFromWords(flags, words);
  const hasPretrained = words.pretrained !== undefined;
  const [run, ...rest] = takesRun || takesPreset || takesSweep ? args : ["", ...args];
  if (takesPreset && !run) throw new UsageError(`expected the name of a preset after ${name}, got nothing`);
  if (takesSweep && !run) throw new UsageError(`expected the file of a sweep after ${name}, got nothing`);
  if (takesSweep) checkPath(run, "the file of a sweep", name);
  if (takesRun) checkSource(name, run, { flags, hasPretrained });
  if (takesRun && !hasPretrained) checkPath(run, "the folder of a run", name);
  if (takesMoreRuns) for (const each of rest) checkPath(each, "the folder of a run", name);
  else if (rest.length > 0)
    throw new UsageError(
      `expected only flags after ${takesRun ? "the run" : takesPreset ? "the preset" : takesSweep ? "the file" : name}, got ${formatValue(rest[0])}`,
    );
  if (name === "train") return { command: name, settings: values as Settings };
  const commandLine = name === "report" ? { moreRuns: rest, commandLine: reportCommandLine(args, values) } : {};
  const options = {
    ...(takesRun && !hasPretrained && { run }),
    ...(takesPreset && { preset: run }),
    ...(takesSweep && { file: run }),
    ...camelCased(values),
    ...commandLine,
  };
  return { command: name, options } as unknown as Request;
}

/** Throws a UsageError unless either a run or, where the command has the flag, a pretrained network is given. */
function checkSource(
  command: string,
  run: string | undefined,
  { flags, hasPretrained }: { readonly flags: readonly Flag[]; readonly hasPretrained: boolean },
): void {
  if (hasPretrained ? run === undefined : run) return;
  const expected = flags.some(({ name }) => name === "pretrained")
    ? "either the folder of a run or --pretrained"
    : "the folder of a run";
  throw new UsageError(`expected ${expected} after ${command}, got ${hasPretrained ? "both" : "nothing"}`);
}

/**
 * Parses words of `dnc train`.
 *
 * @param args - words after the command.
 * @param config - settings in place of a config file; default: none.
 * @throws UsageError as `readCommandLine`.
 */
export function trainSettings(args: readonly string[], config?: SettingsObject): Settings {
  const parsed = parseCommandLine(["train", ...args]);
  if (parsed.kind === "error") throw usageError(parsed.error, ["train", ...args]);
  if (parsed.kind !== "command") throw new UsageError(`expected words of dnc train, got ${args.join(" ")}`);
  return settingsFrom(parsed.words, parsed.unknown, config);
}

function settingsFrom(
  { config, preset, ...words }: CommandLineWords,
  unknown: SplitWords["unknown"],
  object?: SettingsObject,
): Settings {
  const file = object ?? (typeof config === "string" ? config : undefined);
  // Without a source of settings that may name another task, the default one has no flags of its own.
  const [first] = unknown.values();
  const mayHaveFlags =
    hasOwnFlags(words.task) || (words.task === undefined && (file ?? preset ?? words.resume ?? words.checkpoint_dir));
  if (first && !mayHaveFlags) throw unknownFlag(first.word);
  if (typeof file === "string") checkPathWord(file, "the name of a file", "--config");
  const taskFlags = Object.fromEntries([...unknown].map(([name, { value }]) => [name, value]));
  const named = typeof preset === "string" ? preset : undefined;
  const settings = readSettings(words, file, first && taskFlags, named);
  if (first && !hasOwnFlags(settings.task)) throw unknownFlag(first.word);
  return settings;
}

function unknownFlag(word: string): UsageError {
  const names = COMMANDS.flatMap(({ name, flags }) => (name === "train" ? flags.map((flag) => flag.name) : []));
  return new UsageError(unknownName("flag", word, names, { command: "train", prefix: "--" }));
}

function unknownCommand(word: string | undefined): UsageError {
  return new UsageError(`expected a command (${NAMES}), got ${formatValue(word)}; \`dnc --help\` lists them`);
}

function usageError({ code, message }: CommanderError, [first, second]: readonly string[]): UsageError {
  if (code === "commander.help") return unknownCommand(second);
  const entry = COMMANDS.find(({ name }) => name === first);
  if (!entry) return new UsageError(`expected a command (${NAMES}) first, got ${formatValue(first)}`);
  const [, argument = ""] = /'(.*)'/s.exec(message) ?? [];
  const [, name = "", value] = /^--([^\s=]*)(?:=(.*))?/s.exec(argument) ?? [];
  const flag = entry.flags.find((each) => each.name === name);
  if (code === "commander.optionMissingArgument") {
    return new UsageError(`--${name}: expected ${flag ? expectation(flag) : OTHER_FLAGS[name]}, got nothing`);
  }
  if (code === "commander.unknownOption") {
    if (flag?.kind === "switch") return new UsageError(`--${name}: expected no value, got ${formatValue(value)}`);
    if (!name) return new UsageError(`expected a flag that begins with --, got ${formatValue(argument)}`);
    const names = entry.flags.map((each) => each.name);
    return new UsageError(unknownName("flag", name, names, { command: entry.name, prefix: "--" }));
  }
  return new UsageError(message.replace(/^error: /, "").replaceAll(/\s+/g, " "));
}
