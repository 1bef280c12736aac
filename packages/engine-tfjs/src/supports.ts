import { formatValue, type NetworkConfig } from "@dnc/core/engine";

/**
 * Whether the engine computes a network: one with an LSTM and one write head. Hidden units are within [-1, 1], so that
 * clipping at 1 or above does not change them.
 *
 * @param config - as `Dnc` completes it.
 * @returns true, or the reason why not.
 */
export function supports({ controller, writeHeads, clipValue }: NetworkConfig): true | string {
  if (controller !== "lstm") return `controller: expected "lstm", got ${formatValue(controller)}`;
  if (writeHeads !== 1) return `writeHeads: expected 1, got ${writeHeads}`;
  if (clipValue && clipValue < 1) return `clipValue: expected 1 or more, 0 or null, got ${clipValue}`;
  return true;
}
