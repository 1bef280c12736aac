import { shellCommand } from "@dnc/report";

/** A command that can be pasted, and what it is for. */
export type NextCommand = readonly [command: string, purpose: string];

/** Facts about a run, for the commands that come next. */
interface NextCommandOptions {
  /** The words that start this program. */
  readonly program: string;
  readonly folder: string;
  /** Whether the run has iterations left. */
  readonly isEarly: boolean;
  /** Whether the run has a report, without which there is nothing to show or measure. */
  readonly hasReport: boolean;
}

/** Lists the commands that come after a run. */
export function nextCommands({ program, folder, isEarly, hasReport }: NextCommandOptions): NextCommand[] {
  const run = folder.startsWith("-") ? `./${folder}` : folder; // otherwise it would be parsed as a flag
  const command = (...words: string[]) => `${program} ${shellCommand(words)}`;
  return [
    ...(hasReport ? [[command("report", run), "a page: curves, samples, accuracy, the memory at work"] as const] : []),
    ...(hasReport ? [[command("eval", run), "accuracy on new sequences, also longer ones"] as const] : []),
    ...(isEarly ? [[command("train", `--resume=${folder}`), "the rest of the run"] as const] : []),
  ];
}

/**
 * Formats commands, one per line, with their purposes as comments of a shell if there is space.
 *
 * @param columns - width of the terminal; default: unlimited.
 */
export function commandLines(commands: readonly NextCommand[], columns = Number.POSITIVE_INFINITY): string[] {
  const width = Math.max(...commands.map(([command]) => command.length));
  const lines = commands.map(([command, purpose]) => `  ${command.padEnd(width)}  # ${purpose}`);
  return lines.every((line) => line.length <= columns) ? lines : commands.map(([command]) => `  ${command}`);
}
