import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync, rmSync } from "node:fs";
import { link, lstat, mkdir, rm, rmdir, unlink, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { kindOf } from "@dnc/checkpoint/node";
import { visibleLine } from "@dnc/report";
import { lookAt } from "../files/absent.js";
import { readPlainFileIfThere } from "../files/plain-file.js";
import { RunFolderError } from "../run-folder-error.js";

/** Interval at which a holder renews its lock. */
const HEARTBEAT_MS = 10_000;
/** A lock that was not renewed for this long is stale, if its holder is on another machine. */
const STALE_MS = 120_000;
/** Longest time to remove a stale lock. */
const REMOVAL_TIMEOUT_MS = 2000;
/** Longest time in which a lock may be neither free nor held. */
const LOCK_TIMEOUT_MS = 20_000;
/** Maximum length of a lock file. */
const MAX_BYTES = 65536;

/** A process, told apart from later ones with its number. */
interface Holder {
  readonly pid: number;
  /** Where that number is valid: machine, boot and process namespace. */
  readonly place: string;
  /** When the process started, if the system says so. */
  readonly started: string;
  readonly since: string;
  /** Tells two locks of one process apart. */
  readonly id: string;
}

/** Exclusive right to write to a folder. */
export interface RunLock {
  /** Releases the lock; releasing twice does nothing. */
  release(): void;
}

/**
 * Locks a folder for writing; a lock whose process has died is replaced.
 *
 * The lock is a file that names its holder. On the same machine the system says whether the holder is alive; otherwise the
 * file's modification time does, which the holder renews.
 *
 * @throws RunFolderError if another process holds it, or if what is there is no lock, cannot be read or cannot be removed: the
 *   message names it.
 */
export async function lockRun(folder: string): Promise<RunLock> {
  const path = join(folder, "lock");
  const mine = `${JSON.stringify(thisProcess())}\n`;
  const began = performance.now();
  while (!(await createLockFile(path, mine))) {
    if (performance.now() - began > LOCK_TIMEOUT_MS) throw unusable(path, "it comes and goes");
    const theirs = readLock(path);
    if (theirs === undefined) {
      await sleep(1); // It has just been released.
      continue;
    }
    if (await isHeld(path, theirs)) throw lockedByError(folder, theirs);
    await removeStaleLock(path, theirs);
  }
  return holdLock(path, mine);
}

function holdLock(path: string, mine: string): RunLock {
  const timer = setInterval(() => utimes(path, new Date(), new Date()).catch(() => {}), HEARTBEAT_MS);
  timer.unref();
  const release = () => {
    clearInterval(timer);
    process.off("exit", release);
    try {
      if (readLock(path) === mine) rmSync(path);
    } catch {
      // It is gone already.
    }
  };
  process.on("exit", release);
  return { release };
}

/** Creates the lock file with its contents; false if there is one. */
async function createLockFile(path: string, text: string): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}.new`;
  try {
    await writeFile(temporary, text);
    await link(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
    // A disk without links: a holder that dies now leaves an empty file, which only time removes.
    return writeFile(path, text, { flag: "wx" }).then(
      () => true,
      (reason: NodeJS.ErrnoException) => {
        if (reason.code === "EEXIST") return false;
        throw reason;
      },
    );
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Removes a stale lock. A folder alongside keeps others from removing a new one in its place. */
async function removeStaleLock(path: string, theirs: string): Promise<void> {
  const guard = `${path}.removing`;
  try {
    await mkdir(guard);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST")
      throw unusable(path, `the process that left it is gone, but it cannot be removed (${message})`);
    if ((await age(guard)) > REMOVAL_TIMEOUT_MS) await removeGuard(guard);
    await sleep(20);
    return;
  }
  try {
    // Not `rm`, which answers that a file is no folder where it may not be removed.
    if (readLock(path) === theirs) await unlink(path);
  } catch (error) {
    if (error instanceof RunFolderError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    throw unusable(path, `the process that left it is gone, but it cannot be removed (${message})`);
  } finally {
    await rmdir(guard).catch(() => {});
  }
}

/** Removes what is left by a process that was killed while it removed a lock. */
async function removeGuard(guard: string): Promise<void> {
  try {
    await rmdir(guard);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw unusable(guard, `it was left behind and cannot be removed (${message})`);
  }
}

/**
 * Reads a lock; undefined if there is none.
 *
 * @throws RunFolderError if something else is in its place, or it cannot be read: a link is not followed, a pipe not waited for.
 */
function readLock(path: string): string | undefined {
  const found = lookAt(path);
  if (!found) return undefined;
  if (!found.isFile()) throw unusable(path, `expected a plain file, got ${kindOf(found)}`);
  try {
    return readPlainFileIfThere(path, { most: MAX_BYTES, label: "it cannot be read" });
  } catch (error) {
    throw unusable(path, (error as Error).message);
  }
}

async function isHeld(path: string, text: string): Promise<boolean> {
  const holder = parsed(text);
  const here = thisProcess();
  if (holder && holder.place === here.place) {
    return isRunning(holder.pid) && (holder.started === "" || holder.started === startOf(holder.pid));
  }
  return (await age(path)) < STALE_MS;
}

/**
 * Milliseconds since a file or folder was modified; Infinity if it is not there. Times in the future count as equally old:
 * clocks differ.
 */
async function age(path: string): Promise<number> {
  const modified = await lstat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.NEGATIVE_INFINITY,
  );
  return Math.abs(Date.now() - modified);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function thisProcess(): Holder {
  const boot = readIfThere(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const processes = readIfThere(() => readlinkSync("/proc/self/ns/pid"));
  const place = [hostname(), boot, processes].filter(Boolean).join(" ");
  return { pid: process.pid, place, started: startOf(process.pid), since: new Date().toISOString(), id: randomUUID() };
}

/** Ticks from the machine's start to the process's, on Linux. */
function startOf(pid: number): string {
  const line = readIfThere(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
  // The second field, in brackets, may hold anything; the start is the 22nd.
  return line.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

function readIfThere(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

function parsed(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text);
    return Number.isSafeInteger(holder?.pid) && holder.pid > 0 ? holder : undefined;
  } catch {
    return undefined;
  }
}

function lockedByError(folder: string, text: string): RunFolderError {
  const holder = parsed(text);
  const since = typeof holder?.since === "string" ? ` since ${visibleLine(holder.since).slice(0, 60)}` : "";
  const who = holder ? `process ${holder.pid}${since}` : "another process";
  const [name, path] = [folder, join(folder, "lock")].map(visibleLine);
  return new RunFolderError(
    `${name}: another run is writing there (${who}); wait for its end, or remove ${path} if it is gone`,
  );
}

/** @param why - what is wrong with it. */
function unusable(path: string, why: string): RunFolderError {
  const name = visibleLine(path);
  return new RunFolderError(`lock ${name}: ${why}; if no run is writing there, remove ${name}`);
}
