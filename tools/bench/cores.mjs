/** Load of the machine, from /proc/stat if it exists. */
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/** Unit of /proc/stat on Linux, whatever the kernel's own tick. */
const TICKS_PER_SECOND = 100;
/** A machine with fewer busy cores than this is idle. */
const IDLE = 0.12;

/**
 * Reads CPU time in core-seconds, of the whole machine (undefined if unknown) and of this process, and the current
 * time.
 */
export function coreSeconds() {
  const { user, system } = process.cpuUsage();
  return { machine: machineSeconds(), own: (user + system) / 1e6, now: performance.now() / 1000 };
}

/**
 * Computes the number of busy cores between two results of `coreSeconds`: for this process, and for others (null if
 * unknown).
 */
export function busyCores(from, to) {
  const wall = to.now - from.now;
  const own = (to.own - from.own) / wall;
  if (from.machine === undefined) return { own, other: null };
  return { own, other: Math.max(0, (to.machine - from.machine) / wall - own) };
}

/** Waits until other processes have been idle for a second, at most `seconds`. */
export async function waitUntilIdle(seconds) {
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    const before = coreSeconds();
    await setTimeout(1000);
    if ((busyCores(before, coreSeconds()).other ?? 0) < IDLE) return;
  }
}

/** Sums user, nice, system, irq, softirq and steal time. */
function machineSeconds() {
  try {
    const [, user, nice, system, , , irq, softirq, steal] = readFileSync("/proc/stat", "utf8")
      .split("\n", 1)[0]
      .split(/\s+/)
      .map(Number);
    return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}
