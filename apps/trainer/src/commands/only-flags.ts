import { UsageError } from "@dnc/settings";
import { REPORT_FLAGS } from "../flags/command-flags.js";
import { camelCased, type ReportOptions } from "../flags/command-options.js";

/**
 * Throws a UsageError if `dnc report` was given a flag that does not apply.
 *
 * @param names - flags that do.
 * @param message - the error for the first other flag.
 */
export function checkOnlyFlags(
  options: ReportOptions,
  names: readonly string[],
  message: (flag: string) => string,
): void {
  const given = options as unknown as Readonly<Record<string, unknown>>;
  for (const { name, default: defaultValue } of REPORT_FLAGS) {
    const [key] = Object.keys(camelCased({ [name]: undefined }));
    if (!names.includes(name) && given[key as string] !== defaultValue) throw new UsageError(message(name));
  }
}

/** Throws a UsageError if a flag is given that only the results of a sweep take. */
export function checkSweepFlags({ csv, svg }: Pick<ReportOptions, "csv" | "svg">): void {
  const name = csv ? "csv" : svg === undefined ? undefined : "svg";
  if (name !== undefined)
    throw new UsageError(`--${name}: expected only with the results of a sweep, got it with a run`);
}
