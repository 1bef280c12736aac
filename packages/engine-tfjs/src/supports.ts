import { formatValue, type NetworkConfig, networkSizes, whyNoSizes, whyNotStandard } from "@dnc/core/engine";

/**
 * Whether the engine supports a network: it must have an LSTM and one write head. Its clip value must be 0 or at least
 * 1, where clipping does not change hidden units, which are in [-1, 1].
 *
 * @param config - a configuration with every default filled in.
 * @returns true, or the reason why not.
 */
export function supports(config: NetworkConfig): true | string {
  const { controller, writeHeads, clipValue, memory } = config;
  if (memory === false) return "memory: expected one, got false";
  if (controller !== "lstm") return `controller: expected "lstm", got ${formatValue(controller)}`;
  if (writeHeads !== 1) return `writeHeads: expected 1, got ${writeHeads}`;
  if (clipValue && clipValue < 1) return `clipValue: expected 1 or more, 0 or null, got ${clipValue}`;
  return whyNoSizes(config) ?? whyNotStandard(networkSizes(config)) ?? true;
}
