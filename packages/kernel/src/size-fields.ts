import type { NetworkSizes } from "@dnc/core/engine";
import type { NumberField } from "./generated/plan.js";

/** As in source/plan.h. */
const CONTROLLERS = { lstm: 0, "feed-forward": 1, none: 2, gru: 3 };

/**
 * Largest history of links and memory that is kept whole, in MiB. What is larger does not fit into the caches that are close to
 * the processors' cores: to keep fewer steps and compute the others again takes less time.
 */
const HISTORY_LIMIT = 2;

/**
 * Returns the numbers of the plan that describe a network. A host sets them when it creates the network.
 *
 * @param sizes - the network's sizes.
 * @returns the numbers by the names of their fields.
 */
export function sizeFields(sizes: NetworkSizes): Partial<Record<NumberField, number>> {
  return {
    inputSize: sizes.inputSize,
    outputSize: sizes.outputSize,
    controller: CONTROLLERS[sizes.controller],
    layers: sizes.layers,
    hiddenSize: sizes.hiddenSize,
    slots: sizes.memorySize,
    wordSize: sizes.wordSize,
    readHeads: sizes.readHeads,
    writeHeads: sizes.writeHeads,
    masking: sizes.masking ? 1 : 0,
    maskMinimum: sizes.maskMinimum,
    deallocation: sizes.deallocation ? 1 : 0,
    sharpness: sizes.sharpness ? 1 : 0,
    links: sizes.links ? 1 : 0,
    clip: sizes.clipValue,
    historyLimit: HISTORY_LIMIT,
  };
}
