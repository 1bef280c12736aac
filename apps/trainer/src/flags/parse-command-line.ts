import { readFileSync } from "node:fs";
import type { CommandLineWords } from "@dnc/settings";
import type { Flag } from "@dnc/settings/flags";
import { Command, CommanderError } from "commander";
import { COMMANDS, type CommandEntry, EXAMPLES, type Example } from "./registry.js";
import { type SplitWords, splitWords } from "./task-flags.js";

/** What a command line asks for, before any value is checked. */
export type ParsedCommandLine =
  | { readonly kind: "help"; readonly text: string }
  | {
      readonly kind: "command";
      readonly entry: CommandEntry;
      readonly words: CommandLineWords;
      readonly args: readonly string[];
      /** Flags of `dnc train` that are not known: they may be the task's. */
      readonly unknown: SplitWords["unknown"];
    }
  | { readonly kind: "unknown command"; readonly word: string | undefined }
  | { readonly kind: "error"; readonly error: CommanderError };

/** Options of `parseCommandLine`. */
export interface HelpOptions {
  /** Width of the help; default: 100. */
  readonly columns?: number | undefined;
  /** The words that start this program, for the examples in the help; default: `dnc`. */
  readonly program?: string | undefined;
}

/** Width of the help if that of the terminal is unknown. */
const DEFAULT_COLUMNS = 100;

/**
 * Splits a command line into a command and its words, or makes the text of a help. Imports nothing that takes time to
 * load, so that the help appears at once. Underscores and hyphens in flag names are the same.
 *
 * @param args - the arguments without node and script.
 */
export function parseCommandLine(
  args: readonly string[],
  { columns = DEFAULT_COLUMNS, program: name = "dnc" }: HelpOptions = {},
): ParsedCommandLine {
  let text = "";
  let parsed: ParsedCommandLine | undefined;
  const program = new Command("dnc")
    .description("Trains and examines the Differentiable Neural Computer (Graves et al., Nature 538, 2016).")
    .usage("<command> [--flag=value ...]")
    .version(packageVersion(), "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", exampleText(EXAMPLES, name))
    .configureOutput({
      writeOut: (written) => {
        text += written;
      },
      writeErr: () => {}, // errors are returned
      getOutHelpWidth: () => columns,
    })
    .exitOverride()
    .allowExcessArguments(true);
  const { words: known, unknown } = splitTrainWords(args.map(canonical));
  for (const entry of COMMANDS) {
    const command = addCommand(program, entry).addHelpText("after", exampleText(entry.examples, name));
    command.action((words: CommandLineWords, { args }: Command) => {
      parsed = { kind: "command", entry, words, args, unknown };
    });
  }
  program.action((_options: unknown, { args: [word] }: Command) => {
    parsed = { kind: "unknown command", word };
  });
  try {
    program.parse(known, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) return { kind: "error", error };
  }
  return parsed ?? { kind: "help", text };
}

/** Separates the flags that `dnc train` does not know: they may be the task's. */
function splitTrainWords(args: readonly string[]): SplitWords {
  const [command, ...rest] = args;
  const entry = COMMANDS.find(({ name }) => name === command);
  if (entry?.name !== "train") return { words: args, unknown: new Map() };
  const flags = entry.flags.map(({ name, kind }) => [name, { takesValue: !kind.startsWith("switch") }] as const);
  const known = new Map([
    ...flags,
    ["config", { takesValue: true }],
    ["preset", { takesValue: true }],
    ["help", { takesValue: false }],
  ]);
  const { words, unknown } = splitWords(rest, known);
  return { words: [command, ...words], unknown };
}

function addCommand(program: Command, entry: CommandEntry): Command {
  const { name, summary, description, flags, takesRun, takesPreset, takesSweep, takesMoreRuns } = entry;
  const lastGroup = flags.at(-1)?.group as string;
  const takesPretrained = flags.some((flag) => flag.name === "pretrained");
  const run = `RUN${takesMoreRuns ? " [RUN ...]" : ""}${takesPretrained ? "|--pretrained=NAME" : ""} `;
  const command = program
    .command(name)
    .usage(`${takesPreset ? "PRESET " : ""}${takesSweep ? "FILE " : ""}${takesRun ? run : ""}[--flag=value ...]`)
    .summary(summary)
    .description(takesRun ? `${description} RUN is the folder of a run.` : description);
  for (const flag of flags) {
    command.addOption(command.createOption(flagSyntax(flag), helpText(flag)).helpGroup(flag.group));
  }
  if (name === "train") {
    const config = "a JSON object of these flags and their values; the command line wins over it";
    command.addOption(command.createOption("--config <FILE>", config).helpGroup(lastGroup));
    const preset =
      "the settings of a task of the literature, which `dnc presets` lists; config and command line win over it";
    command.addOption(command.createOption("--preset <NAME>", preset).helpGroup(lastGroup));
  }
  return command.addHelpOption(command.createOption("-h, --help", "print this help").helpGroup(lastGroup));
}

/** Formats examples for the end of a help: what each does, then the command as it can be typed. */
function exampleText(examples: readonly Example[], program: string): string {
  const lines = examples.map(([purpose, words]) => `  ${purpose}:\n    ${program} ${words}`);
  return `\nExamples:\n${lines.join("\n")}`;
}

function flagSyntax(flag: Flag): string {
  if (flag.kind === "switch") return flag.takesBoolean ? `--${flag.name} [true|false]` : `--${flag.name}`;
  if (flag.kind === "switch-or-number") return `--${flag.name} [${flag.placeholder}]`;
  const placeholder = { integer: "n", number: "x", choice: "name", text: "text", "number-or-word": "x" }[flag.kind];
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

function packageVersion(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}
