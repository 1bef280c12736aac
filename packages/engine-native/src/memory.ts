import { freemem, totalmem } from "node:os";

/**
 * Returns how many bytes this process can still allocate: on Linux what the machine has available, and no more than its
 * control group allows; elsewhere all of the machine's memory, because the rest of it may be used as a cache.
 */
export function availableMemory(): number {
  const total = totalmem();
  if (process.platform !== "linux") return total;
  const limit = process.constrainedMemory(); // 0 or a huge number: none
  const rest = limit > 0 && limit < total ? Math.max(0, limit - process.memoryUsage.rss()) : total;
  return Math.min(freemem(), rest);
}
