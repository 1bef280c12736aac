/** How busy the machine is, from /proc/stat where there is one. */
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/** Linux counts in these, whatever the kernel's own tick. */
const TICKS_A_SECOND = 100;
/** Fewer cores than this are idle ones. */
const IDLE = 0.12;

/** Seconds, cores times time: of the whole machine (undefined where it does not say) and of this process; and now. */
export function coreSeconds() {
  const { user, system } = process.cpuUsage();
  return { machine: machineSeconds(), own: (user + system) / 1e6, now: performance.now() / 1000 };
}

/** Cores that were busy between two times of `coreSeconds`: with this process, and with others (null if unknown). */
export function busyCores(from, to) {
  const wall = to.now - from.now;
  const own = (to.own - from.own) / wall;
  if (from.machine === undefined) return { own, other: null };
  return { own, other: Math.max(0, (to.machine - from.machine) / wall - own) };
}

/** Waits until others have done nothing for a second, at most `seconds`. */
export async function waitUntilIdle(seconds) {
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    const before = coreSeconds();
    await setTimeout(1000);
    if ((busyCores(before, coreSeconds()).other ?? 0) < IDLE) return;
  }
}

/** User, nice, system, irq, softirq and steal. */
function machineSeconds() {
  try {
    const [, user, nice, system, , , irq, softirq, steal] = readFileSync("/proc/stat", "utf8")
      .split("\n", 1)[0]
      .split(/\s+/)
      .map(Number);
    return (user + nice + system + irq + softirq + steal) / TICKS_A_SECOND;
  } catch {
    return undefined;
  }
}
