/**
 * A lock between processes: a file that its holder touches every second, so that the lock of a dead process is
 * detected.
 */
import { lstatSync, mkdirSync, rmdirSync, rmSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds without a touch after which a holder counts as dead. */
const STALE = 10_000;

/**
 * Runs `work` while this process holds the lock exclusively.
 *
 * `work` must not block the event loop for as long as `stale`: a timer touches the file.
 *
 * @param file - path of the lock file, in an existing folder.
 * @param work - the work; its result or error is passed on.
 * @param options.onWait - called once if another process holds the lock.
 * @param options.stale - milliseconds without a touch after which a holder counts as dead.
 * @throws Error naming the file, if something else is in its place, or the lock of a dead holder cannot be removed.
 */
export async function withLock(file, work, { onWait = () => {}, stale = STALE } = {}) {
  let waited = false;
  while (!take(file)) {
    if (age(file, "isFile") > stale) await removeStale(file, stale);
    else {
      if (!waited) onWait();
      waited = true;
      await sleep(100);
    }
  }
  const release = () => {
    try {
      rmSync(file, { force: true });
    } catch {
      // If it cannot be touched, it will count as a dead holder's.
    }
  };
  const alive = setInterval(() => touch(file), Math.min(1000, stale / 4));
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(alive);
    process.removeListener("exit", release);
    release();
  }
}

/** Creates the file; returns false if it already exists. */
function take(file) {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw new Error(`lock ${file}: expected a folder to write to, got none (${error.message})`, { cause: error });
  }
}

function touch(file) {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // Another process has removed it.
  }
}

/**
 * Returns the milliseconds since the file or folder was last touched; 0 if it does not exist. A time in the future
 * counts as stale.
 *
 * @param kind - the required type: a link, a pipe or a device would be waited for forever.
 */
function age(path, kind) {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  if (!found[kind]())
    throw unusable(path, `expected a ${kind === "isFile" ? "plain file" : "folder"}, got something else`);
  return Math.abs(Date.now() - found.mtimeMs);
}

/**
 * Removes a dead holder's file. A folder next to it prevents other processes from removing a lock that has just been
 * acquired again.
 */
async function removeStale(file, stale) {
  const guard = `${file}.removing`;
  if (!removing(file, () => mkdirSync(guard), "EEXIST")) {
    if (age(guard, "isDirectory") > stale) removing(guard, () => rmdirSync(guard), "ENOENT");
    else await sleep(20);
    return;
  }
  try {
    if (age(file, "isFile") > stale) removing(file, () => unlinkSync(file), "ENOENT");
  } finally {
    removing(guard, () => rmdirSync(guard), "ENOENT");
  }
}

/** Runs a step of a removal; false if it fails with an `expected` error. */
function removing(path, step, expected) {
  try {
    step();
    return true;
  } catch (error) {
    if (error.code === expected) return false;
    throw unusable(path, `its holder is gone, but it cannot be removed (${error.message})`);
  }
}

function unusable(path, why) {
  return new Error(`lock ${path}: ${why}; if no set-up is running here, remove ${path}`);
}
