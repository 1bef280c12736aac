import { parseArgs } from "node:util";
import { formatValue } from "@dnc/report";
import { inspectedAt } from "./inspected.js";
import { InspectorError } from "./inspector-error.js";
import { isPort } from "./places.js";
import { runInspector } from "./run-inspector.js";

const HELP = `Usage: inspector [FILE|FOLDER] [--port=N] [--no-open]

Shows the memory of a Differentiable Neural Computer at work, on a page in the browser.

  FILE         a trace, as \`dnc trace\` writes it
  FOLDER       the folder of a run, which may still be training, or that of a checkpoint
               (default: a trained network of the page)
  --port=N     the port on 127.0.0.1 (default: the one that this run had before, or a free one)
  --no-open    only print the address, open no browser
  -h, --help   print this help

Ctrl-C ends it.
`;

/**
 * Runs the program `inspector`, and prints its error if it fails.
 *
 * @param args - Arguments without node and script.
 * @returns The exit status: 0 ended by Ctrl-C, 2 wrong usage.
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const { help, path, port, browser } = parse(args);
    if (help) {
      process.stdout.write(HELP);
      return 0;
    }
    const open = path === undefined ? undefined : await inspectedAt(path, { label: "inspector" });
    await runInspector({ open, port, browser, print: (text) => void process.stdout.write(text) });
    return 0;
  } catch (error) {
    if (!(error instanceof InspectorError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

function parse(args: readonly string[]) {
  const { values, positionals } = split(args);
  const { help = false, port, "no-open": isQuiet = false } = values;
  const [path, more] = positionals;
  if (more !== undefined) throw new InspectorError(`expected one file or folder, got also ${formatValue(more)}`);
  if (path === "") throw new InspectorError("expected a file or folder, got nothing");
  return { help, path, port: port === undefined ? undefined : portOf(port), browser: !isQuiet };
}

function split(args: readonly string[]) {
  const options = {
    port: { type: "string" },
    "no-open": { type: "boolean" },
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const [sentence] = (error as Error).message.split(/\.?\s+To specify|\n/, 1);
    throw new InspectorError(`${sentence?.replace(/\.$/, "")}; \`--help\` lists the flags`);
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : undefined;
  if (isPort(port)) return port;
  throw new InspectorError(`--port: expected an integer from 0 to 65535, got ${formatValue(text)}`);
}
