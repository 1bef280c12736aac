import { InspectorError, inspectedAt, runInspector } from "@dnc/inspector";
import { UsageError } from "@dnc/settings";
import type { InspectOptions, Unresolved } from "../flags/command-options.js";
import { readRunSettings } from "../flags/gate.js";
import { writeStdout } from "../terminal/output.js";
import { withPretrained } from "./pretrained.js";

/**
 * Runs `dnc inspect`: serves the page that shows a network's memory at work, until it is ended.
 *
 * @returns the exit status.
 * @throws UsageError if there is no run or no network of the name, or the port is not free.
 */
export async function runInspect(given: Unresolved<InspectOptions>): Promise<number> {
  const { run, pretrained, port, noOpen } = await withPretrained<InspectOptions>(given);
  try {
    if (pretrained === undefined) readRunSettings(run);
    const open = pretrained === undefined ? await inspectedAt(run) : { kind: "network" as const, name: pretrained };
    await runInspector({ open, port, browser: !noOpen, print: writeStdout });
  } catch (error) {
    throw error instanceof InspectorError ? new UsageError(error.message.replace(/^port:/, "--port:")) : error;
  }
  return 0;
}
