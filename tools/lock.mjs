/** A lock between processes: a file that its holder touches every second, so that one left by a dead process is seen. */
import { mkdirSync, rmdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
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
 */
export async function withLock(file, work, { onWait = () => {}, stale = STALE } = {}) {
  let waited = false;
  while (!take(file)) {
    if (age(file) > stale) removeStale(file, stale);
    else {
      if (!waited) onWait();
      waited = true;
      await sleep(100);
    }
  }
  const release = () => rmSync(file, { force: true });
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
    throw error;
  }
}

function touch(file) {
  const now = new Date();
  ifThere(() => utimesSync(file, now, now));
}

/** Milliseconds since the file or folder was touched; 0 if it is not there. */
function age(file) {
  return ifThere(() => Date.now() - statSync(file).mtimeMs) ?? 0;
}

/** Removes a dead holder's file. The folder beside it keeps others from removing a file that has just been taken anew. */
function removeStale(file, stale) {
  const guard = `${file}.removing`;
  try {
    mkdirSync(guard);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (age(guard) > stale) ifThere(() => rmdirSync(guard));
    return;
  }
  try {
    if (age(file) > stale) rmSync(file, { force: true });
  } finally {
    rmdirSync(guard);
  }
}

/** The action's result, or undefined if the file it works on is not there. */
function ifThere(action) {
  try {
    return action();
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    return undefined;
  }
}
