import { formatValue } from "../terminal/format-value.js";
import { closest } from "./closest.js";

/**
 * Formats the error for an unknown flag: `unknown flag "--memory_sise"; did you mean --memory_size?`.
 *
 * @param names - of all flags that the command has.
 */
export function unknownFlag(name: string, names: readonly string[], command: string): string {
  const guess = closest(name.replaceAll("-", "_").toLowerCase(), names);
  const expected = guess ? `did you mean --${guess}?` : `\`dnc ${command} --help\` lists them all`;
  return `unknown flag ${formatValue(`--${name}`)}; ${expected}`;
}
