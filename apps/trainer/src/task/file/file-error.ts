import { pathToFileURL } from "node:url";
import { visibleLine } from "@dnc/report";
import { UsageError } from "@dnc/settings";

/**
 * Creates the error for something wrong in a task file: one sentence that begins with the file's path.
 *
 * @param file - absolute path of the file.
 * @param what - what is wrong; may be continued by `cause`.
 * @param cause - what was thrown; its message and its line in the file complete the sentence.
 */
export function fileError(file: string, what: string, cause?: unknown): UsageError {
  if (cause instanceof UsageError) return cause;
  const details = cause === undefined ? [] : [messageOf(cause)];
  const line = lineIn(file, cause);
  const text = [what, ...details].filter(Boolean).join(": ").replaceAll(/\s+/g, " ");
  return new UsageError(`${visibleLine(file)}: ${visibleLine(text)}${line === undefined ? "" : ` (line ${line})`}`);
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return typeof thrown === "object" ? "something that is no Error" : String(thrown);
}

/** Finds the line of a file in which an error was thrown. */
function lineIn(file: string, cause: unknown): string | undefined {
  const stack = cause instanceof Error ? String(cause.stack) : "";
  return [pathToFileURL(file).href, file]
    .map((name) => stack.split(`${name}:`)[1])
    .map((rest) => /^\d+/.exec(rest ?? "")?.[0])
    .find((line) => line !== undefined);
}
