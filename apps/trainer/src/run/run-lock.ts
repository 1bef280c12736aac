import { randomUUID } from "node:crypto";
import { lstatSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { link, lstat, mkdir, rm, rmdir, unlink, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { kindOf, readPlainFileIfThere } from "../files/plain-file.js";
import { visibleLine } from "../terminal/visible.js";
import { UsageError } from "../usage-error.js";

/** A holder elsewhere shows so often that it lives, in milliseconds. */
const SIGN_OF_LIFE = 10_000;
/** After so many milliseconds without a sign, a holder that cannot be asked counts as gone. */
const GONE = 120_000;
/** Nobody takes so many milliseconds to remove a dead holder's file. */
const REMOVING = 2000;
/** After so many milliseconds in which a lock was neither there to be had nor held, something else is wrong. */
const PATIENCE = 20_000;
/** No lock is longer. */
const MOST_BYTES = 65536;

/** A process, so that no later one with its number is taken for it. */
interface Holder {
  readonly pid: number;
  /** Where that number means something: machine, its start, and the processes that see each other. */
  readonly place: string;
  /** When the process started, where the system says it. */
  readonly started: string;
  readonly since: string;
  /** Two locks of one process are two. */
  readonly id: string;
}

/** The right to write to a run's folder, which one process has at a time. */
export interface RunLock {
  /** Gives it back; twice does nothing. */
  release(): void;
}

/**
 * Takes the right to write to a folder, from a process that is dead too.
 *
 * The lock is a file that names its holder. On the same machine the holder is asked for; elsewhere the file's time, which the
 * holder renews, says whether it lives.
 *
 * @throws UsageError if another process has it, or if what is there is no lock, cannot be read or cannot be removed: the
 *   message names it.
 */
export async function lockRun(folder: string): Promise<RunLock> {
  const path = join(folder, "lock");
  const mine = `${JSON.stringify(thisProcess())}\n`;
  const began = performance.now();
  while (!(await put(path, mine))) {
    if (performance.now() - began > PATIENCE) throw unusable(path, "it comes and goes");
    const theirs = readLock(path);
    if (theirs === undefined) {
      await sleep(1); // It has just been given back.
      continue;
    }
    if (await isHeld(path, theirs)) throw heldBy(folder, theirs);
    await takeAway(path, theirs);
  }
  return held(path, mine);
}

function held(path: string, mine: string): RunLock {
  const timer = setInterval(() => utimes(path, new Date(), new Date()).catch(() => {}), SIGN_OF_LIFE);
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

/** Puts a whole file where none is; false if one is there. */
async function put(path: string, text: string): Promise<boolean> {
  const beside = `${path}.${randomUUID()}.new`;
  try {
    await writeFile(beside, text);
    await link(beside, path);
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
    await rm(beside, { force: true });
  }
}

/** Removes a dead holder's file. The folder beside it keeps others from removing one that has just been put there anew. */
async function takeAway(path: string, theirs: string): Promise<void> {
  const guard = `${path}.removing`;
  try {
    await mkdir(guard);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST")
      throw unusable(path, `the process that left it is gone, but it cannot be removed (${message})`);
    if ((await age(guard)) > REMOVING) await removeGuard(guard);
    await sleep(20);
    return;
  }
  try {
    // Not `rm`, which answers that a file is no folder where it may not be removed.
    if (readLock(path) === theirs) await unlink(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    throw unusable(path, `the process that left it is gone, but it cannot be removed (${message})`);
  } finally {
    await rmdir(guard).catch(() => {});
  }
}

/** Removes what a process left that was killed while it removed a lock. */
async function removeGuard(guard: string): Promise<void> {
  try {
    await rmdir(guard);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw unusable(guard, `it was left behind and cannot be removed (${message})`);
  }
}

/**
 * What a lock says; undefined if none is there.
 *
 * @throws UsageError if something else is in its place, or it cannot be read: a link is not followed, a pipe not waited for.
 */
function readLock(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return undefined;
  if (!found.isFile()) throw unusable(path, `expected a plain file, got ${kindOf(found)}`);
  try {
    return readPlainFileIfThere(path, { most: MOST_BYTES, label: "it cannot be read" });
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
  return (await age(path)) < GONE;
}

/**
 * Milliseconds since a file or folder was touched; without end if it is not there. A time to come is as far away as one that
 * is past: clocks differ, and what says tomorrow says nothing of now.
 */
async function age(path: string): Promise<number> {
  const touched = await lstat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.NEGATIVE_INFINITY,
  );
  return Math.abs(Date.now() - touched);
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

function heldBy(folder: string, text: string): UsageError {
  const holder = parsed(text);
  const since = typeof holder?.since === "string" ? ` since ${visibleLine(holder.since).slice(0, 60)}` : "";
  const who = holder ? `process ${holder.pid}${since}` : "another process";
  const [name, path] = [folder, join(folder, "lock")].map(visibleLine);
  return new UsageError(
    `${name}: another run is writing there (${who}); wait for its end, or remove ${path} if it is gone`,
  );
}

/** @param why - what is wrong with it. */
function unusable(path: string, why: string): UsageError {
  const name = visibleLine(path);
  return new UsageError(`lock ${name}: ${why}; if no run is writing there, remove ${name}`);
}
