/** The networks of `@dnc/pretrained`, which commands take instead of a run. */
import { join } from "node:path";
import { formatValue, visibleLine } from "@dnc/report";
import { checkOutsideRun } from "@dnc/runs/read";
import { closest, UsageError } from "@dnc/settings";
import type { Unresolved } from "../flags/command-options.js";

/** The network of a command: that of a run, or of `@dnc/pretrained`, whose folder `run` is. */
export interface NetworkSource {
  readonly run: string;
  /** Name of a network of `@dnc/pretrained`; undefined: the network is that of a run. */
  readonly pretrained: string | undefined;
}

/**
 * Finds the folder of the network that `--pretrained` names.
 *
 * @param options - as on the command line.
 * @returns the options, with that folder as `run`; those with a run as they are.
 * @throws UsageError (as a rejection) if there is no network of this name.
 */
export async function withPretrained<Options extends NetworkSource>(options: Unresolved<Options>): Promise<Options> {
  const { pretrained } = options;
  if (pretrained === undefined) return options as unknown as Options;
  const [{ PRETRAINED }, { pretrainedFolder }] = await Promise.all([
    import("@dnc/pretrained"),
    import("@dnc/pretrained/node"),
  ]);
  const names = PRETRAINED.map(({ name }) => name);
  const name = names.find((known) => known === pretrained);
  if (name !== undefined) return { ...options, run: pretrainedFolder(name) } as unknown as Options;
  const suggestion = closest(pretrained, names);
  const hint = suggestion === undefined ? "" : `; did you mean ${suggestion}?`;
  throw new UsageError(`--pretrained: expected one of ${names.join(", ")}, got ${formatValue(pretrained)}${hint}`);
}

/**
 * Checks that a file to write lies outside of the package of a pretrained network.
 *
 * @param out - the file, which may not exist.
 * @throws UsageError if it lies in the package, with links resolved.
 */
export function checkOutsidePackage(out: string, { run, pretrained }: NetworkSource): void {
  if (pretrained === undefined) return;
  try {
    checkOutsideRun(out, join(run, "../.."));
  } catch {
    throw new UsageError(`--out: expected a file outside of the package @dnc/pretrained, got ${visibleLine(out)}`);
  }
}

/**
 * Says where a network is from, as a line for people.
 *
 * @param step - what follows, such as `step 100`.
 */
export function sourceFact({ run, pretrained }: NetworkSource, step: string): readonly [label: string, text: string] {
  return pretrained === undefined
    ? ["run", `${run}, ${step}`]
    : ["network", `${pretrained} of @dnc/pretrained, ${step}`];
}

/** Says where a network is from, for the object of `--json`. */
export function sourceRecord({ run, pretrained }: NetworkSource): { run: string } | { pretrained: string } {
  return pretrained === undefined ? { run } : { pretrained };
}
