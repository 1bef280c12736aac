import { readFileSync } from "node:fs";
import { formatValue } from "@dnc/report";
import { Command, CommanderError } from "commander";
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
  for (const entry of COMMANDS) {
    addCommand(program, entry, (parsed) => {
      request = parsed;
    });
  }
  program.action((_options: unknown, { args: [word] }: Command) => {
    throw unknownCommand(word);
  });
  try {
    program.parse(args.map(canonical), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error, args);
  }
  return request ?? { command: "print", text: printed };
}

function addCommand(program: Command, entry: CommandEntry, onRequest: (request: Request) => void): void {
  const { name, summary, description, flags, takesRun, takesMoreRuns } = entry;
  const lastGroup = flags.at(-1)?.group as string;
  const command = program
    .command(name)
    .usage(`${takesRun ? (takesMoreRuns ? "RUN [RUN ...] " : "RUN ") : ""}[--flag=value ...]`)
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
  command.action((words: CommandLineWords, { args }: Command) => onRequest(requestOf(entry, words, args)));
}

function requestOf(entry: CommandEntry, words: CommandLineWords, args: readonly string[]): Request {
  const { name, flags, takesRun, takesMoreRuns } = entry;
  const values = name === "train" ? settingsFrom(words) : valuesFromWords(flags, words);
  const [run, ...rest] = takesRun ? args : ["", ...args];
  if (takesRun && !run) throw new UsageError(`expected the folder of a run after ${name}, got nothing`);
  if (takesRun) checkPath(run, "the folder of a run", name);
  if (takesMoreRuns) for (const each of rest) checkPath(each, "the folder of a run", name);
  else if (rest.length > 0)
    throw new UsageError(`expected only flags after ${takesRun ? "the run" : name}, got ${formatValue(rest[0])}`);
  if (name === "train") return { command: name, settings: values as Settings };
  const commandLine = name === "report" ? { moreRuns: rest, commandLine: reportCommandLine(args, values) } : {};
  const options = { ...(takesRun && { run }), ...camelCased(values), ...commandLine };
  return { command: name, options } as unknown as Request;
}

function settingsFrom({ config, ...words }: CommandLineWords): Settings {
  if (typeof config !== "string") return resolveSettings(words);
  checkPathWord(config, "the name of a file", "--config");
  return resolveSettings(words, config);
}

function flagSyntax(flag: Flag): string {
  if (flag.kind === "switch") return `--${flag.name}`;
  const placeholder = { integer: "n", number: "x", choice: "name", text: "text" }[flag.kind];
  return `--${flag.name} <${flag.placeholder ?? placeholder}>`;
}

function helpText(flag: Flag): string {
  const choices = flag.choices ? `: ${flag.choices.join(", ")}` : "";
  const defaultText = flag.kind === "switch" || flag.default === undefined ? "" : ` (default: ${flag.default})`;
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
