import { readFileSync } from "node:fs";
import { formatValue } from "@dnc/report";
import { Command, CommanderError } from "commander";
import { isTaskFile } from "../task/file/is-task-file.js";
import { UsageError } from "../usage-error.js";
import {
  camelCased,
  type DoctorOptions,
  type EvalOptions,
  type ReportOptions,
  reportCommandLine,
  type TraceOptions,
} from "./command-options.js";
import type { Flag } from "./flag.js";
import { type CommandLineWords, checkPath, checkPathWord, expectation, valuesFromWords } from "./flag-value.js";
import { COMMANDS, type CommandEntry } from "./registry.js";
import { resolveSettings } from "./settings.js";
import { unknownName } from "./suggest.js";
import { type SplitWords, splitWords } from "./task-flags.js";
import type { Settings } from "./train-flags.js";

/** A parsed command line: a command with its options, or text to print. */
export type Request =
  | { readonly command: "train"; readonly settings: Settings }
  | { readonly command: "eval"; readonly options: EvalOptions }
  | { readonly command: "trace"; readonly options: TraceOptions }
  | { readonly command: "report"; readonly options: ReportOptions }
  | { readonly command: "doctor"; readonly options: DoctorOptions }
  | { readonly command: "print"; readonly text: string };

/** Width of the help if that of the terminal is unknown. */
const DEFAULT_COLUMNS = 100;
const NAMES = COMMANDS.map(({ name }) => name).join(", ");

/**
 * Parses a command line. Underscores and hyphens in flag names are the same.
 *
 * @param args - the arguments without node and script.
 * @param columns - width of the help; default: 100.
 * @throws UsageError with one sentence about the first error in it or in its config file.
 */
export function readCommandLine(args: readonly string[], columns = DEFAULT_COLUMNS): Request {
  let printed = "";
  let request: Request | undefined;
  const program = new Command("dnc")
    .description("Trains and examines the Differentiable Neural Computer (Graves et al., Nature 538, 2016).")
    .usage("<command> [--flag=value ...]")
    .version(packageVersion(), "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .configureOutput({
      writeOut: (text) => {
        printed += text;
      },
      writeErr: () => {}, // errors become a UsageError
      getOutHelpWidth: () => columns,
    })
    .exitOverride()
    .allowExcessArguments(true);
  const { words, unknown } = splitTrainWords(args.map(canonical));
  for (const entry of COMMANDS) {
    addCommand(program, entry, unknown, (parsed) => {
      request = parsed;
    });
  }
  program.action((_options: unknown, { args: [word] }: Command) => {
    throw unknownCommand(word);
  });
  try {
    program.parse(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error, args);
  }
  return request ?? { command: "print", text: printed };
}

/** Flags that the trainer does not know, from the command line. */
type UnknownFlags = SplitWords["unknown"];

/** Separates the flags that `dnc train` does not know: they may be of a task file. */
function splitTrainWords(args: readonly string[]): SplitWords {
  const [command, ...rest] = args;
  const entry = COMMANDS.find(({ name }) => name === command);
  if (entry?.name !== "train") return { words: args, unknown: new Map() };
  const flags = entry.flags.map(({ name, kind }) => [name, { takesValue: !kind.startsWith("switch") }] as const);
  const known = new Map([...flags, ["config", { takesValue: true }], ["help", { takesValue: false }]]);
  const { words, unknown } = splitWords(rest, known);
  return { words: [command, ...words], unknown };
}

function addCommand(
  program: Command,
  entry: CommandEntry,
  unknown: UnknownFlags,
  onRequest: (request: Request) => void,
): void {
  const { name, summary, description, flags, takesRun } = entry;
  const lastGroup = flags.at(-1)?.group as string;
  const command = program
    .command(name)
    .usage(takesRun ? "RUN [--flag=value ...]" : "[--flag=value ...]")
    .summary(summary)
    .description(takesRun ? `${description} RUN is the folder of a run.` : description);
  for (const flag of flags) {
    command.addOption(command.createOption(flagSyntax(flag), helpText(flag)).helpGroup(flag.group));
  }
  if (name === "train") {
    const config = "a JSON object of these flags and their values; the command line wins over it";
    command.addOption(command.createOption("--config <FILE>", config).helpGroup(lastGroup));
  }
  command.addHelpOption(command.createOption("-h, --help", "print this help").helpGroup(lastGroup));
  command.action((words: CommandLineWords, { args }: Command) => onRequest(requestOf(entry, words, args, unknown)));
}

function requestOf(
  { name, flags, takesRun }: CommandEntry,
  words: CommandLineWords,
  args: readonly string[],
  unknown: UnknownFlags,
): Request {
  const values = name === "train" ? settingsFrom(words, unknown) : valuesFromWords(flags, words);
  const [run, ...rest] = takesRun ? args : ["", ...args];
  if (takesRun && !run) throw new UsageError(`expected the folder of a run after ${name}, got nothing`);
  if (takesRun) checkPath(run, "the folder of a run", name);
  if (rest.length > 0)
    throw new UsageError(`expected only flags after ${takesRun ? "the run" : name}, got ${formatValue(rest[0])}`);
  if (name === "train") return { command: name, settings: values as Settings };
  const commandLine = name === "report" ? { commandLine: reportCommandLine(run, values) } : {};
  const options = { ...(takesRun && { run }), ...camelCased(values), ...commandLine };
  return { command: name, options } as unknown as Request;
}

function settingsFrom({ config, ...words }: CommandLineWords, unknown: UnknownFlags): Settings {
  const file = typeof config === "string" ? config : undefined;
  // Without a source of settings that may name a file, a task has no flags of its own.
  const [first] = unknown.values();
  const mayBeFile =
    isTaskFile(words.task) || (words.task === undefined && (file ?? words.resume ?? words.checkpoint_dir));
  if (first && !mayBeFile) throw unknownFlag(first.word);
  if (file !== undefined) checkPathWord(file, "the name of a file", "--config");
  const taskFlags = Object.fromEntries([...unknown].map(([name, { value }]) => [name, value]));
  const settings = resolveSettings(words, file, first && taskFlags);
  if (first && !isTaskFile(settings.task)) throw unknownFlag(first.word);
  return settings;
}

function unknownFlag(word: string): UsageError {
  const names = COMMANDS.flatMap(({ name, flags }) => (name === "train" ? flags.map((flag) => flag.name) : []));
  return new UsageError(unknownName("flag", word, names, { command: "train", prefix: "--" }));
}

function flagSyntax(flag: Flag): string {
  if (flag.kind === "switch") return `--${flag.name}`;
  if (flag.kind === "switch-or-number") return `--${flag.name} [${flag.placeholder}]`;
  const placeholder = { integer: "n", number: "x", choice: "name", text: "text" }[flag.kind];
  return `--${flag.name} <${flag.placeholder ?? placeholder}>`;
}

function helpText(flag: Flag): string {
  const choices = flag.choices ? `: ${flag.choices.join(", ")}` : "";
  const defaultText = flag.default === false || flag.default === undefined ? "" : ` (default: ${flag.default})`;
  return `${flag.help}${choices}${defaultText}`;
}

/** Replaces hyphens in the name of a flag by underscores; other words stay as they are. */
function canonical(word: string): string {
  const [, name = "", rest] = /^--([^=]*)(.*)$/s.exec(word) ?? [];
  const flagName = name.replaceAll("-", "_");
  return COMMANDS.some(({ flags }) => flags.some((flag) => flag.name === flagName)) ? `--${flagName}${rest}` : word;
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
    return new UsageError(`--${name}: expected ${flag ? expectation(flag) : "the name of a file"}, got nothing`);
  }
  if (code === "commander.unknownOption") {
    if (flag?.kind === "switch") return new UsageError(`--${name}: expected no value, got ${formatValue(value)}`);
    if (!name) return new UsageError(`expected a flag that begins with --, got ${formatValue(argument)}`);
    const names = entry.flags.map((each) => each.name);
    return new UsageError(unknownName("flag", name, names, { command: entry.name, prefix: "--" }));
  }
  return new UsageError(message.replace(/^error: /, "").replaceAll(/\s+/g, " "));
}

function packageVersion(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}
