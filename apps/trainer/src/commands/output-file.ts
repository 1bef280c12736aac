import * as fs from "node:fs";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { writeFileAtomic } from "@dnc/checkpoint/node";
import { visibleLine } from "@dnc/report";
import { findOwner } from "@dnc/runs/read";
import { UsageError } from "@dnc/settings";
import { writeStdout } from "../terminal/output.js";

/** Maximum number of links to follow, as in Linux. */
const MAX_LINKS = 40;

/** Longest time to wait for a reader of a FIFO. */
const FIFO_TIMEOUT_MS = 10_000;

/** Destination of a path: an open stream of this process, a device to write to, or a file to replace. */
type Destination =
  | { readonly kind: "descriptor"; readonly descriptor: number }
  | { readonly kind: "device" | "file"; readonly path: string };

/**
 * Checks that a file can be written, before its contents are computed.
 *
 * @param path - the file, which may not exist.
 * @param run - folder of the run that the command reads.
 * @param label - names the file in errors; default: the flag.
 * @throws UsageError if it is a folder or a socket, read-only, or belongs to a run.
 */
export function checkOutputFile(path: string, run: string, label = "--out"): void {
  try {
    resolveWritable(path, run);
  } catch (error) {
    throw notWritable(label, path, error);
  }
}

/** Whether a path is this process's standard output. */
export function isStandardOutput(path: string): boolean {
  return descriptorOf(path) === 1;
}

/**
 * Writes or replaces a file atomically, keeping its mode and owner. Links are followed; devices and FIFOs are written to.
 *
 * @throws UsageError if it cannot be written, or nobody reads from a FIFO.
 */
export async function writeOutputFile(path: string, text: string, run: string, label = "--out"): Promise<void> {
  try {
    const to = resolveWritable(path, run);
    if (to.kind === "descriptor" && to.descriptor === 1) await writeStdout(text);
    // promisify has no overload for descriptors.
    else if (to.kind === "descriptor") await promisify<number, string>(fs.writeFile)(to.descriptor, text);
    else if (to.kind === "device") await writeDevice(to.path, text);
    else await writeFileAtomic(to.path, text);
  } catch (error) {
    throw notWritable(label, path, error);
  }
}

/** Writes to a device or FIFO, without O_CREAT: if it no longer exists, no file must be created. */
async function writeDevice(path: string, text: string): Promise<void> {
  // Kept open during the write: a reader sees the end of a FIFO when its last writer closes it.
  const fifo = fs.statSync(path).isFIFO() ? await openFifo(path) : undefined;
  try {
    await promisify(fs.writeFile)(path, text, { flag: fs.constants.O_WRONLY as never });
  } finally {
    if (fifo !== undefined) fs.closeSync(fifo);
  }
}

/** Opens a FIFO for writing, as soon as it has a reader. Throws an Error if none arrives in time. */
async function openFifo(path: string): Promise<number> {
  for (const startTime = performance.now(); ; await sleep(50)) {
    try {
      return fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
      if (performance.now() - startTime > FIFO_TIMEOUT_MS) throw new Error("nobody reads from it");
    }
  }
}

function resolveWritable(path: string, run: string): Destination {
  const to = resolveDestination(path);
  if (to.kind === "descriptor") fs.fstatSync(to.descriptor);
  if (to.kind !== "file") return to;
  const owner = findOwner(to.path, run);
  if (owner !== undefined) throw new Error(`it belongs to the run ${owner}`);
  const found = fs.lstatSync(to.path, { throwIfNoEntry: false });
  // Root could write to a read-only file.
  if (found && (found.mode & 0o222) === 0) throw new Error("it is read-only");
  if (found) fs.accessSync(to.path, fs.constants.W_OK);
  fs.accessSync(dirname(to.path), fs.constants.W_OK);
  return to;
}

function resolveDestination(path: string): Destination {
  let current = path;
  for (let links = 0; links <= MAX_LINKS; links++) {
    const descriptor = descriptorOf(current);
    if (descriptor !== undefined) return { kind: "descriptor", descriptor };
    const found = fs.lstatSync(current, { throwIfNoEntry: false });
    if (!found?.isSymbolicLink()) {
      if (!fs.statSync(dirname(current)).isDirectory()) throw new Error(`${dirname(current)} is no folder`);
      if (found?.isDirectory()) throw new Error("a folder");
      if (found?.isSocket()) throw new Error("a socket");
      return { kind: found === undefined || found.isFile() ? "file" : "device", path: current };
    }
    current = resolve(fs.realpathSync(dirname(current)), fs.readlinkSync(current));
  }
  throw new Error("too many links");
}

/** Returns the descriptor of this process that a path names; undefined if it names none. */
function descriptorOf(path: string): number | undefined {
  const standard = ["/dev/stdin", "/dev/stdout", "/dev/stderr"].indexOf(path);
  if (standard >= 0) return standard;
  const [, process, number] = /^\/(?:dev|proc\/(self|thread-self|\d+))\/fd\/(\d+)$/.exec(path) ?? [];
  if (number === undefined || (/^\d/.test(process ?? "") && Number(process) !== globalThis.process.pid))
    return undefined;
  return Number(number);
}

function notWritable(label: string, path: string, error: unknown): UsageError {
  return new UsageError(`${label}: expected a file to write, got ${visibleLine(path)} (${(error as Error).message})`);
}
