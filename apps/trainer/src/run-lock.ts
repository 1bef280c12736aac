import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync, rmSync } from "node:fs";
import { link, mkdir, readFile, rm, rmdir, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UsageError } from "./usage-error.js";

/** A holder elsewhere shows so often that it lives, in milliseconds. */
const SIGN_OF_LIFE = 10_000;
/** After so many milliseconds without a sign, a holder that cannot be asked counts as gone. */
const GONE = 120_000;
/** Nobody takes so many milliseconds to remove a dead holder's file. */
const REMOVING = 2000;

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
 * @throws UsageError if another process has it.
 */
export async function lockRun(folder: string): Promise<RunLock> {
  const path = join(folder, "lock");
  const mine = `${JSON.stringify(thisProcess())}\n`;
  while (!(await put(path, mine))) {
    const theirs = await readFile(path, "utf8").catch(() => undefined);
    if (theirs === undefined) continue;
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
      if (readFileSync(path, "utf8") === mine) rmSync(path);
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
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if ((await age(guard)) > REMOVING) await rmdir(guard).catch(() => {});
    await sleep(20);
    return;
  }
  try {
    if ((await readFile(path, "utf8").catch(() => undefined)) === theirs) await rm(path, { force: true });
  } finally {
    await rmdir(guard).catch(() => {});
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

/** Milliseconds since a file or folder was touched; without end if it is not there. */
async function age(path: string): Promise<number> {
  const touched = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.NEGATIVE_INFINITY,
  );
  return Date.now() - touched;
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
  const who = holder ? `process ${holder.pid} since ${holder.since}` : "another process";
  return new UsageError(
    `${folder}: another run is writing there (${who}); wait for its end, or remove ${join(folder, "lock")} if it is gone`,
  );
}
