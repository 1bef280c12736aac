import type { BatchArrays } from "@dnc/core/engine";
import type { KernelNetwork } from "./host.js";

/** Returns the mask of the steps that are run, `[time, batch]`; undefined if all are. */
export function inputMaskOf({ timeSteps, batchSize, lengths, inputMask }: BatchArrays): Float32Array | undefined {
  if (!lengths) return inputMask;
  return Float32Array.from({ length: timeSteps * batchSize }, (_, row) =>
    Math.floor(row / batchSize) < lengths[row % batchSize] ? 1 : 0,
  );
}

/**
 * Sets which steps are run. Call it after `prepare`.
 *
 * @param mask - `[time, batch]` of 0 and 1; undefined: all.
 */
export function putInputMask(network: KernelNetwork, mask: Float32Array | undefined): void {
  network.set({ hasInputMask: mask ? 1 : 0 });
  if (mask) network.write("inputMask", 0, mask);
}
