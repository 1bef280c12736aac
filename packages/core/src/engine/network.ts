import type { NetworkSizes } from "@dnc/access/unroll-op";
import { formatValue } from "@dnc/addressing/checks";
import type { NetworkConfig } from "./core.js";

/** Controllers that the unroll op supports. */
const CONTROLLERS: readonly unknown[] = ["lstm", "deep-lstm", "feed-forward"];

/**
 * Whether the unroll op supports the controller of a network.
 *
 * @param config - a configuration with every default filled in.
 * @returns true, or the reason why not.
 */
export function supportsStandardNetwork({ controller }: Pick<NetworkConfig, "controller">): true | string {
  if (CONTROLLERS.includes(controller)) return true;
  return `controller: expected "lstm", "deep-lstm" or "feed-forward", got ${formatValue(controller)}`;
}

/**
 * Computes the attributes of the unroll op for a network.
 *
 * @param config - configuration of a network for which `supportsStandardNetwork` returns true.
 */
export function networkSizes({ controller, clipValue, layers, ...sizes }: NetworkConfig): NetworkSizes {
  return {
    controller: controller === "feed-forward" ? "feed-forward" : "lstm",
    layers: controller === "deep-lstm" ? layers : 1,
    hiddenSize: sizes.hiddenSize,
    inputSize: sizes.inputSize,
    outputSize: sizes.outputSize,
    memorySize: sizes.memorySize,
    wordSize: sizes.wordSize,
    readHeads: sizes.readHeads,
    writeHeads: sizes.writeHeads,
    clipValue: clipValue ?? 0,
  };
}
