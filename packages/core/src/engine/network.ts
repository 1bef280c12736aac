import type { CompleteMemoryVariants } from "@dnc/access";
import type { NetworkSizes } from "@dnc/access/unroll-op";
import { formatValue } from "@dnc/addressing/checks";
import type { NetworkConfig } from "./core.js";

/** Controllers by their names, as the unroll op knows them. */
const CONTROLLERS: { readonly [name: string]: NetworkSizes["controller"] } = {
  lstm: "lstm",
  "deep-lstm": "lstm",
  gru: "gru",
  "feed-forward": "feed-forward",
};

/** Keys of a configuration that attributes of the unroll op express; `seed` decides initial values only. */
const KEYS: readonly string[] = [
  ...["inputSize", "outputSize", "memorySize", "wordSize", "readHeads", "writeHeads", "hiddenSize", "layers"],
  ...["clipValue", "controller", "memory", "access", "seed"],
];

/** Keys of the memory's variants that attributes of the unroll op express; the initial memory is in the initial state. */
const MEMORY_KEYS: readonly string[] = ["masking", "deallocation", "sharpness", "links", "initialMemory"];

/**
 * Finds a setting of a network that the attributes of the unroll op do not express: a custom part, or a setting that was added
 * later. An engine refuses such a network: a variant must never run as the network without it.
 *
 * @param config - a configuration with every default filled in.
 * @returns the reason to refuse the network; undefined if `networkSizes` expresses all of it.
 */
export function whyNoSizes(config: Pick<NetworkConfig, "controller" | "memory" | "access">): string | undefined {
  const { controller, memory = {}, access } = config;
  const unknown = unknownKey(config, KEYS) ?? unknownKey(memory || {}, MEMORY_KEYS, "memory.");
  if (unknown !== undefined) return unknown;
  if (access !== undefined) return `access: expected none, got ${formatValue(access)}`;
  if (typeof controller === "string" && Object.hasOwn(CONTROLLERS, controller)) return undefined;
  const names = Object.keys(CONTROLLERS).map(formatValue).join(", ");
  return `controller: expected one of ${names}, got ${formatValue(controller)}`;
}

/**
 * Finds the first way in which a network differs from that of the paper, for engines that compute no variants.
 *
 * @param sizes - attributes of the unroll op.
 * @returns the reason to refuse the network; undefined if it has an LSTM or a feed-forward network as controller, a memory
 *   without variants, and no input mask.
 */
export function whyNotStandard(sizes: NetworkSizes): string | undefined {
  const { controller, memorySize, masking, deallocation, sharpness, links, inputMask } = sizes;
  if (controller === "gru") return 'controller: expected "lstm", "deep-lstm" or "feed-forward", got "gru"';
  if (memorySize === 0) return "memory: expected one, got false";
  for (const [name, value] of Object.entries({ masking, deallocation, sharpness }))
    if (value) return `memory.${name}: expected false, got true`;
  if (!links) return "memory.links: expected true, got false";
  return inputMask ? "inputMask: expected none, got one" : undefined;
}

/**
 * Whether a network is that of the paper: no variant, no custom part, and a controller other than a GRU.
 *
 * @param config - a configuration with every default filled in.
 * @returns true, or the reason why not.
 */
export function supportsStandardNetwork(config: NetworkConfig): true | string {
  return whyNoSizes(config) ?? whyNotStandard(networkSizes(config)) ?? true;
}

/**
 * Computes the attributes of the unroll op for a network.
 *
 * @param config - configuration of a network for which `whyNoSizes` returns undefined.
 * @returns the attributes, without an input mask.
 */
export function networkSizes({ controller, clipValue, layers, memory, ...sizes }: NetworkConfig): NetworkSizes {
  const variants: Partial<CompleteMemoryVariants> = memory === false ? { links: false } : (memory ?? {});
  const { masking = false, deallocation = false, sharpness = false, links = true } = variants;
  const memorySizes = ["memorySize", "wordSize", "readHeads", "writeHeads"] as const;
  return {
    controller: CONTROLLERS[controller as string],
    layers: controller === "deep-lstm" ? layers : 1,
    hiddenSize: sizes.hiddenSize,
    inputSize: sizes.inputSize,
    outputSize: sizes.outputSize,
    ...(Object.fromEntries(memorySizes.map((name) => [name, memory === false ? 0 : sizes[name]])) as Pick<
      NetworkSizes,
      (typeof memorySizes)[number]
    >),
    clipValue: clipValue ?? 0,
    masking: masking !== false,
    maskMinimum: masking === false ? 0 : masking.minimum,
    ...{ deallocation, sharpness, links, inputMask: false },
  };
}

function unknownKey(values: object, known: readonly string[], path = ""): string | undefined {
  for (const [key, value] of Object.entries(values))
    if (value !== undefined && !known.includes(key))
      return `${path}${key}: expected a network without this setting, got ${formatValue(value)}`;
  return undefined;
}
