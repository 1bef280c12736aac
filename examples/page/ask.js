import { encodeRepeatCopy } from "@dnc/tasks";
import { traceSequence } from "@dnc/training";

/**
 * Asks the network to repeat a pattern.
 *
 * @param {number[][]} pattern - The bits of each time step.
 * @param {number} repeats - How often to repeat it.
 * @returns Inputs, targets and outputs, and where the memory was written and read; one array per time step.
 */
export async function ask(network, pattern, repeats) {
  const batch = encodeRepeatCopy({ patterns: [pattern], repeats: [repeats] });
  const { quantities } = await traceSequence(network, batch);
  const steps = (name) => byStep(quantities[name], batch.timeSteps);
  const mask = Array.from(batch.mask);
  return {
    ...{ mask, inputs: steps("observations"), targets: steps("target"), outputs: steps("output") },
    ...{ writeWeights: steps("writeWeights"), readWeights: steps("readWeights") },
  };
}

/** Counts the wrong output bits at the time steps that have a target. */
export function wrongBits({ mask, targets, outputs }) {
  return outputs.flatMap((row, step) => row.filter((value, bit) => mask[step] && isWrong(value, targets[step][bit])))
    .length;
}

/** Whether a probability is on the wrong side of one half. */
export function isWrong(probability, target) {
  return (probability > 0.5 ? 1 : 0) !== target;
}

function byStep({ data }, timeSteps) {
  const size = data.length / timeSteps;
  return Array.from({ length: timeSteps }, (_, step) => data.slice(step * size, (step + 1) * size));
}
