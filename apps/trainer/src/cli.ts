import { readFileSync } from "node:fs";
import { Command, CommanderError, type OutputConfiguration } from "commander";
import { type CommandLineWords, resolveSettings, unknownName } from "./config.js";
import { expectation, shown } from "./flag-value.js";
import { FLAGS, type Flag, flagNamed, RUN, type Settings } from "./flags.js";
import { UsageError } from "./usage-error.js";

/** What a command line asks for: a training run, or text to print. */
export type Request =
  | { readonly command: "train"; readonly settings: Settings }
  | { readonly command: "print"; readonly text: string };

/** Help is set to this width where the terminal does not say. */
const DEFAULT_COLUMNS = 100;

/**
 * Reads a command line. Underscores and hyphens in flag names are the same.
 *
 * @param args - without node and script.
 * @throws UsageError with one sentence for whatever is wrong in it or in the config file that it names.
 */
export function readCommandLine(args: readonly string[], columns = DEFAULT_COLUMNS): Request {
  let printed = "";
  let request: Request | undefined;
  const output: OutputConfiguration = {
    writeOut: (text) => {
      printed += text;
    },
    // Whatever is wrong becomes a UsageError.
    writeErr: () => {},
    getOutHelpWidth: () => columns,
  };
  const program = new Command("dnc")
    .description("Trains the Differentiable Neural Computer (Graves et al., Nature 538, 2016).")
    .usage("<command> [--flag=value ...]")
    .version(packageVersion(), "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .configureOutput(output)
    .exitOverride()
    .allowExcessArguments(true);
  addTrainCommand(program, (settings) => {
    request = { command: "train", settings };
  });
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

function addTrainCommand(program: Command, run: (settings: Settings) => void): void {
  const train = program
    .command("train")
    .usage("[--flag=value ...]")
    .summary("train a DNC on a task")
    .description("Trains a DNC on a task. --memory_size=64, --memory-size=64 and --memory-size 64 are one flag.")
    .allowExcessArguments(true);
  for (const flag of FLAGS as readonly Flag[]) {
    train.addOption(train.createOption(flagSyntax(flag), helpText(flag)).helpGroup(flag.group));
  }
  const config = "a JSON object of these flags and their values; the command line wins over it";
  train.addOption(train.createOption("--config <FILE>", config).helpGroup(RUN));
  train.addHelpOption(train.createOption("-h, --help", "print this help").helpGroup(RUN));
  train.action((options: CommandLineWords & { config?: string }, { args }: Command) => {
    const { config: file, ...words } = options;
    if (file === "") throw new UsageError("--config: expected the name of a file, got nothing");
    const settings = resolveSettings(words, file);
    if (args.length > 0) throw new UsageError(`expected only flags after train, got ${shown(args[0])}`);
    run(settings);
  });
}

function flagSyntax(flag: Flag): string {
  if (flag.kind === "switch") return `--${flag.name}`;
  const placeholder = { integer: "n", number: "x", choice: "name", text: "text" }[flag.kind];
  return `--${flag.name} <${flag.placeholder ?? placeholder}>`;
}

function helpText(flag: Flag): string {
  const choices = flag.kind === "choice" ? `: ${flag.choices.join(", ")}` : "";
  const known = flag.kind === "switch" || flag.default === undefined ? "" : ` (default: ${flag.default})`;
  return `${flag.help}${choices}${known}`;
}

/** The flag in its own spelling; values stay as they are. */
function canonical(word: string): string {
  const [, name = "", rest] = /^--([^=]*)(.*)$/s.exec(word) ?? [];
  const flag = flagNamed(name.replaceAll("-", "_"));
  return flag ? `--${flag.name}${rest}` : word;
}

function unknownCommand(word: string | undefined): UsageError {
  return new UsageError(`expected a command (train), got ${shown(word)}; \`dnc --help\` lists them`);
}

function usageError({ code, message }: CommanderError, [first, second]: readonly string[]): UsageError {
  if (code === "commander.help") return unknownCommand(second);
  if (first.startsWith("-")) return new UsageError(`expected a command (train) first, got ${shown(first)}`);
  const [, given = ""] = /'(.*)'/s.exec(message) ?? [];
  const [, name = "", value] = /^--([^\s=]*)(?:=(.*))?/s.exec(given) ?? [];
  const flag = flagNamed(name);
  if (code === "commander.optionMissingArgument") {
    return new UsageError(`--${name}: expected ${flag ? expectation(flag) : "the name of a file"}, got nothing`);
  }
  if (code === "commander.unknownOption") {
    if (flag?.kind === "switch") return new UsageError(`--${name}: expected no value, got ${shown(value)}`);
    if (!name) return new UsageError(`expected a flag that begins with --, got ${shown(given)}`);
    return new UsageError(unknownName("flag", name, "--"));
  }
  return new UsageError(message.replace(/^error: /, "").replaceAll(/\s+/g, " "));
}

function packageVersion(): string {
  return JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;
}
