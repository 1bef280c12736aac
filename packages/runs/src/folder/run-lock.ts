import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync, rmSync } from "node:fs";
import { link, lstat, mkdir, open, rm, rmdir, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { kindOf } from "@dnc/checkpoint/node";
import { visibleLine } from "@dnc/report";
import { lstatIfPresent } from "../files/not-found.js";
import { readPlainFileIfPresent } from "../files/plain-file.js";
import { RunFolderError } from "../run-folder-error.js";

/** Interval at which the holder renews a lock. */
const HEARTBEAT_MS = 10_000;
/** Time after which a lock of another machine is stale, if it was not renewed. */
const STALE_MS = 120_000;
/** Longest time to remove a stale lock. */
const REMOVAL_TIMEOUT_MS = 2000;
/** Longest time for acquiring a lock that is neither free nor held. */
const LOCK_TIMEOUT_MS = 20_000;
/** Maximum length of a lock file. */
const MAX_BYTES = 65536;

/** Identity of the process that holds a lock, different from later processes with the same number. */
interface Holder {
  readonly pid: number;
  /** Scope of the number: machine, boot and process namespace. */
  readonly place: string;
  /** Start time of the process; empty if the system does not provide it. */
  readonly started: string;
  readonly since: string;
  /** Unique identifier of the lock. */
  readonly id: string;
}

/** Exclusive right to write to a folder. */
export interface RunLock {
  /** Releases the lock; releasing twice does nothing. */
  release(): void;
}

/**
 * Locks a folder for writing. Replaces a lock whose process has died.
 *
 * The lock is a file that identifies its holder. On the same machine the process table shows whether the holder is
 * alive; on another machine the file's modification time does, which the holder renews. It is compared with that of a new file, so
 * that the clock of the file system decides, not those of the machines.
 *
 *     const lock = await lockRun("runs/mine");
 *     try { write(); } finally { lock.release(); }
 *
 * @param folder - The folder, which exists. The file in it is called `lock`.
 * @returns The lock, until it is released or the process ends.
 * @throws RunFolderError naming the file, if another process holds the lock, it is not a lock, or it cannot be read or
 *   removed.
 */
export async function lockRun(folder: string): Promise<RunLock> {
  const path = join(folder, "lock");
  const contents = `${JSON.stringify(thisProcess())}\n`;
  const startTime = performance.now();
  while (!(await createLockFile(path, contents))) {
    if (performance.now() - startTime > LOCK_TIMEOUT_MS) throw lockError(path, "it comes and goes");
    const existing = readLock(path);
    if (existing === undefined) {
      await sleep(1); // It has just been released.
      continue;
    }
    if (await isHeld(path, existing)) throw lockedByError(folder, existing);
    await removeStaleLock(path, existing);
  }
  return holdLock(path, contents);
}

function holdLock(path: string, contents: string): RunLock {
  const timer = setInterval(() => renew(path, contents).catch(() => {}), HEARTBEAT_MS);
  timer.unref();
  const release = () => {
    clearInterval(timer);
    process.off("exit", release);
    try {
      if (readLock(path) === contents) rmSync(path);
    } catch {
      // It is gone already.
    }
  };
  process.on("exit", release);
  return { release };
}

/** Writes the beginning of a lock once more: its modification time is then that of the file system's clock. */
async function renew(path: string, contents: string): Promise<void> {
  if (readLock(path) !== contents) return;
  const file = await open(path, "r+");
  try {
    await file.write(contents.slice(0, 1), 0);
  } finally {
    await file.close();
  }
}

/** Creates the lock file with its contents; returns false if the file exists. */
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
    // A disk without links: a process that dies during this write leaves an empty lock, which only its age makes stale.
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

/** Removes a stale lock. A guard folder prevents two processes from doing so, one of which could remove a new lock. */
async function removeStaleLock(path: string, existing: string): Promise<void> {
  const guard = `${path}.removing`;
  try {
    await mkdir(guard);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST")
      throw lockError(path, `the process that left it is gone, but it cannot be removed (${message})`);
    if ((await age(guard)) > REMOVAL_TIMEOUT_MS) await removeGuard(guard);
    await sleep(20);
    return;
  }
  try {
    // `rm` would report a wrong error (not a directory) if removing is not permitted.
    if (readLock(path) === existing) await unlink(path);
  } catch (error) {
    if (error instanceof RunFolderError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    throw lockError(path, `the process that left it is gone, but it cannot be removed (${message})`);
  } finally {
    await rmdir(guard).catch(() => {});
  }
}

/** Removes the guard folder of a process that was killed while it removed a lock. */
async function removeGuard(guard: string): Promise<void> {
  try {
    await rmdir(guard);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw lockError(guard, `it was left behind and cannot be removed (${message})`);
  }
}

/**
 * Reads a lock; returns undefined if there is none.
 *
 * @throws RunFolderError if it is not a plain file, or cannot be read. Links are not followed, pipes are not opened.
 */
function readLock(path: string): string | undefined {
  const status = lstatIfPresent(path);
  if (!status) return undefined;
  if (!status.isFile()) throw lockError(path, `expected a plain file, got ${kindOf(status)}`);
  try {
    return readPlainFileIfPresent(path, { most: MAX_BYTES, label: "it cannot be read" });
  } catch (error) {
    throw lockError(path, (error as Error).message);
  }
}

async function isHeld(path: string, text: string): Promise<boolean> {
  const holder = parseHolder(text);
  const here = thisProcess();
  if (holder && holder.place === here.place) {
    return isRunning(holder.pid) && (holder.started === "" || holder.started === startOf(holder.pid));
  }
  return (await age(path)) < STALE_MS;
}

/**
 * Returns the milliseconds since a file or folder was modified, by the clock of its file system; Infinity if it does not exist. A time
 * in the future counts as equally old.
 */
async function age(path: string): Promise<number> {
  const modified = await modifiedAt(path);
  if (modified === undefined) return Number.POSITIVE_INFINITY;
  const probe = `${path}.${randomUUID()}.new`;
  try {
    await writeFile(probe, "");
    return Math.abs(((await modifiedAt(probe)) ?? Date.now()) - modified);
  } catch {
    return Math.abs(Date.now() - modified);
  } finally {
    await rm(probe, { force: true });
  }
}

function modifiedAt(path: string): Promise<number | undefined> {
  return lstat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
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
  const boot = readOrEmpty(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const processes = readOrEmpty(() => readlinkSync("/proc/self/ns/pid"));
  const place = [hostname(), boot, processes].filter(Boolean).join(" ");
  return { pid: process.pid, place, started: startOf(process.pid), since: new Date().toISOString(), id: randomUUID() };
}

/** Returns the start time of a process in ticks since boot, on Linux; elsewhere an empty text. */
function startOf(pid: number): string {
  const line = readOrEmpty(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
  // The second field, in brackets, may contain spaces and brackets; the start time is the 22nd.
  return line.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

function readOrEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text);
    return Number.isSafeInteger(holder?.pid) && holder.pid > 0 ? holder : undefined;
  } catch {
    return undefined;
  }
}

function lockedByError(folder: string, text: string): RunFolderError {
  const holder = parseHolder(text);
  const since = typeof holder?.since === "string" ? ` since ${visibleLine(holder.since).slice(0, 60)}` : "";
  const who = holder ? `process ${holder.pid}${since}` : "another process";
  const [name, path] = [folder, join(folder, "lock")].map(visibleLine);
  return new RunFolderError(
    `${name}: another run is writing there (${who}); wait for its end, or remove ${path} if it is gone`,
  );
}

/** Creates the error for a lock that cannot be used, with the reason and what to do. */
function lockError(path: string, reason: string): RunFolderError {
  const name = visibleLine(path);
  return new RunFolderError(`lock ${name}: ${reason}; if no run is writing there, remove ${name}`);
}
