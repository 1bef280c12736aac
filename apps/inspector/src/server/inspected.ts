import { realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { visibleLine } from "@dnc/report";
import { InspectorError } from "./inspector-error.js";

/** What the inspector opens: a run's folder, a checkpoint's folder, the file of a trace, or a trained network of `@dnc/pretrained`. */
export type Inspected =
  | {
      /** What is at the path. */
      readonly kind: "run" | "checkpoint" | "trace";
      /** The folder or file. */
      readonly path: string;
    }
  | {
      /** A network that the page itself has. */
      readonly kind: "network";
      /** Its name in `@dnc/pretrained`; the page reports a name that it does not know. */
      readonly name: string;
    };

/**
 * Finds out what a path is: the folder of a run has a `config.json`, that of a checkpoint a `state.json`; a file is taken for a trace.
 *
 *     const server = await serveInspector({ open: await inspectedAt("runs/mine") });
 *
 * @param path - A folder or a file.
 * @param options - `label`: beginning of error messages, such as the name of the argument; default: "path".
 * @returns What the inspector opens.
 * @throws InspectorError (as a rejection) if nothing is there, or something else.
 */
export async function inspectedAt(
  path: string,
  { label = "path" }: { readonly label?: string | undefined } = {},
): Promise<Inspected> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return { kind: "trace", path };
  if (found?.isDirectory()) {
    if (await isFile(join(path, "config.json"))) return { kind: "run", path };
    if (await isFile(join(path, "state.json"))) return { kind: "checkpoint", path };
  }
  const expected = "expected the folder of a run or of a checkpoint, or the file of a trace";
  const got = found?.isDirectory() ? "which has neither config.json nor state.json" : "which is neither";
  throw new InspectorError(`${label}: ${expected}, got ${visibleLine(path)}, ${found ? got : "which does not exist"}`);
}

/**
 * Checks that what is to be opened is what it is said to be.
 *
 * @returns the same with links of the path resolved, so that it stays what it is.
 * @throws InspectorError (as a rejection) otherwise.
 */
export async function checkInspected(open: Inspected): Promise<Inspected> {
  if (open.kind === "network") return open;
  const { kind } = await inspectedAt(open.path, { label: "open" });
  if (kind !== open.kind)
    throw new InspectorError(`open: expected a ${open.kind}, got ${visibleLine(open.path)}, which is a ${kind}`);
  return { kind, path: await realpath(open.path) };
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ?? false;
}
