import type { NetworkSizes } from "@dnc/access/unroll-op";
import { formatValue } from "@dnc/addressing/checks";
import type { NetworkConfig } from "./core.js";

/** Controllers that the unroll op supports. */
const CONTROLLERS: readonly unknown[] = ["lstm", "deep-lstm", "feed-forward"];

/** Keys of a configuration that the unroll op can express; `seed` decides initial values only. */
const STANDARD_KEYS: readonly string[] = [
  ...["inputSize", "outputSize", "memorySize", "wordSize", "readHeads", "writeHeads", "hiddenSize", "layers"],
  ...["clipValue", "controller", "seed"],
];

/**
 * Finds a setting of a network that is not standard. An engine refuses settings that it does not know: a variant that was
 * added later must never run as the network without it.
 *
 * @param config - a configuration with every default filled in.
 * @returns the reason to refuse the network; undefined if there is no such setting.
 */
export function whyNotStandard(config: object): string | undefined {
  for (const [key, value] of Object.entries(config))
    if (value !== undefined && !STANDARD_KEYS.includes(key))
      return `${key}: expected a network without this setting, got ${formatValue(value)}`;
  return undefined;
}

/**
 * Whether the unroll op supports a network: its settings and its controller.
 *
 * @param config - a configuration with every default filled in.
 * @returns true, or the reason why not.
 */
export function supportsStandardNetwork(config: Pick<NetworkConfig, "controller">): true | string {
  const { controller } = config;
  if (CONTROLLERS.includes(controller)) return whyNotStandard(config) ?? true;
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
