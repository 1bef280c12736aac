/** A lock between processes: a file that its holder touches every second, so that one left by a dead process is seen. */
import { lstatSync, mkdirSync, rmdirSync, rmSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A holder that has not touched its file for so many milliseconds is dead. */
const STALE = 10_000;

/**
 * Runs `work` while this process, and no other, holds the lock.
 *
 * `work` must not block the event loop for as long as `stale`: the holder shows by a timer that it lives.
 *
 * @param file - the lock's file; its folder exists.
 * @param work - what to do; its result or error is passed on.
 * @param options.onWait - called once if another process holds the lock.
 * @param options.stale - milliseconds without a sign of life after which a holder counts as dead.
 * @throws Error naming the file, if something else is in its place, or a dead holder's cannot be removed.
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
      // Without a sign of life it counts as a dead holder's.
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

/** Creates the file, or returns false if it is there already. */
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
    // Whoever took it away knows why.
  }
}

/**
 * Milliseconds between now and when the file or folder was touched; 0 if it is not there. A time to come is no sign of life.
 *
 * @param kind - what it must be: a link, a pipe or a device would be waited for without end.
 */
function age(path, kind) {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  if (!found[kind]())
    throw unusable(path, `expected a ${kind === "isFile" ? "plain file" : "folder"}, got something else`);
  return Math.abs(Date.now() - found.mtimeMs);
}

/** Removes a dead holder's file. The folder beside it keeps others from removing a file that has just been taken anew. */
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

/** Whether a step of a removal was done; false where it met what `expected` says. */
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
  return new Error(`lock ${path}: ${why}; if nothing is set up here at the moment, remove ${path}`);
}
