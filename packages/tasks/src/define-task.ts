import {
  assertBoolean,
  assertFunction,
  assertKeys,
  assertNumber,
  assertPositiveInteger,
  assertText,
} from "./checks.js";
import { completeFacts, FACTS, type TaskFacts } from "./facts.js";
import { completeLossOptions, LOSS_KEYS, type LossOptions } from "./loss-options.js";
import { outputGroups } from "./output-groups.js";
import { assertRandom, type Random } from "./random.js";
import { renderBatch } from "./rendering.js";
import { assertSequence, packSteps, type Step, stackSequences } from "./sequence.js";
import type { Task } from "./task.js";

const DEFINITION_KEYS = [
  "name",
  "inputSize",
  "targetSize",
  "batchSize",
  "sampleSequence",
  "formatInput",
  "lengths",
  ...FACTS,
  ...LOSS_KEYS,
];

/** Definition of a task: its sizes and how to sample one of its sequences; facts about the sequences are optional. */
export type TaskDefinition = LossOptions & {
  readonly [Name in keyof TaskFacts]?: TaskFacts[Name] | undefined;
} & {
  /** Name of the task; not empty. */
  readonly name: string;
  /** Number of channels of an input. */
  readonly inputSize: number;
  /** Number of channels of a target. */
  readonly targetSize: number;
  /** Number of sequences in a batch; default: 16. */
  readonly batchSize?: number | undefined;
  /**
   * Samples one sequence: at least one step, at least one of them with a target. Called once per sequence of a batch.
   * The result is copied, so the function may reuse its arrays.
   *
   * @param random - Source of every random decision; it advances.
   * @returns The steps in order, any number of them.
   */
  readonly sampleSequence: (random: Random) => readonly Step[];
  /**
   * Maps the number in one channel of an input to the number that `Task.render` shows, for a channel that was scaled for the
   * network; default: the number itself.
   *
   * @param value - The number in the input, in float32.
   * @param channel - Index of the input channel, from 0.
   * @returns The number to show.
   */
  readonly formatInput?: ((value: number, channel: number) => number) | undefined;
  /**
   * Whether the network stops at the end of each sequence, instead of running on zeros to the end of the longest of its batch;
   * default: false. true adds `lengths` to the batches.
   */
  readonly lengths?: boolean | undefined;
};

/**
 * Creates a task from its sizes and a function that samples one sequence.
 *
 *     const sampleSequence = (random) => [{ input: [random.integer(0, 1)] }, { target: [1] }];
 *     const task = defineTask({ name: "mine", inputSize: 1, targetSize: 1, sampleSequence });
 *     const { timeSteps, inputs, targets, mask } = task.sampleBatch(createRandom(1));
 *
 * A batch is `batchSize` sequences, sampled sequentially and stacked. Those shorter than the longest are zero at the
 * end; with `lengths` the network does not run there. The mask is 1 where a step has a target. The results of
 * `sampleSequence` are checked whenever a batch is sampled.
 *
 * The loss decides what targets are. `sigmoid`: bits; a target between 0 and 1 is scored as a probability, and `exactMatch`
 * counts it as wrong. `softmax`: symbols, each a group of outputs with a 1 at the symbol and zeros elsewhere, or with
 * the probabilities of the symbols. `squared`: numbers; `exactMatch` counts one as right if the output differs by less than 0.5.
 *
 * @param definition - See `TaskDefinition`; `name`, `inputSize`, `targetSize` and `sampleSequence` are required.
 * @returns A task that keeps no state: the same for the same state of the generator, if `sampleSequence` is.
 * @throws RangeError if a size or a fact is out of range; TypeError if a value is of the wrong kind or a key is unknown.
 *   Its `sampleBatch` throws a RangeError if a sequence is empty or has no target, a width is not the task's, an input is not
 *   finite in float32 or a target is not one of the loss; a TypeError if something sampled is of the wrong kind or a step has an
 *   unknown key. Its `render` throws a TypeError if `formatInput` returns no number, its
 *   `channelLabels` a RangeError if there is not a label for each channel, its `phases` if there is not a name for each time step.
 */
export function defineTask(definition: TaskDefinition): Task {
  assertKeys("definition", definition, DEFINITION_KEYS);
  const { name, inputSize, targetSize, batchSize = 16, sampleSequence, formatInput } = definition;
  const { loss, groupSizes, timeAverage, logProbInBits, lengths = false } = definition;
  const sizes = { inputSize, targetSize };
  assertText("name", name);
  assertPositiveInteger("inputSize", inputSize);
  assertPositiveInteger("targetSize", targetSize);
  assertPositiveInteger("batchSize", batchSize);
  assertFunction("sampleSequence", sampleSequence, "a function from a generator to an array of steps");
  if (formatInput !== undefined)
    assertFunction("formatInput", formatInput, "a function from a value and its channel to a number");
  const facts = completeFacts(definition, sizes);
  const taskLoss = completeLossOptions({ loss, groupSizes, timeAverage, logProbInBits });
  outputGroups(taskLoss, targetSize);
  assertBoolean("lengths", lengths);
  const layout = { ...sizes, loss: taskLoss.loss, formatInput: checked(formatInput) };

  return {
    name,
    ...sizes,
    ...facts,
    ...taskLoss,
    batchSize,
    ...(layout.formatInput && { formatInput: layout.formatInput }),
    sampleBatch: (random, options = {}) => {
      assertRandom(random);
      assertKeys("option", options, ["batchSize"]);
      const { batchSize: length = batchSize } = options;
      assertPositiveInteger("batchSize", length);
      const sequences = Array.from({ length }, () => {
        const steps = sampleSequence(random);
        assertSequence("sampleSequence()", steps, { ...sizes, loss: taskLoss.loss });
        return packSteps(steps, sizes); // copied, because it may reuse its arrays for the next sequence
      });
      return stackSequences(sequences, sizes, { lengths });
    },
    render: (batch, output, options = {}) => renderBatch(batch, output, options, layout),
  };
}

/** Wraps a function so that it throws a TypeError if it does not return a number. */
function checked(formatInput: TaskDefinition["formatInput"]): TaskDefinition["formatInput"] {
  if (formatInput === undefined) return undefined;
  return (value, channel) => {
    const number = formatInput(value, channel);
    assertNumber("formatInput()", number, "a number");
    return number;
  };
}
