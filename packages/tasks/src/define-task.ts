import { assertFunction, assertKeys, assertNumber, assertPositiveInteger, assertText } from "./checks.js";
import { assertCostOptions, type CostOptions, taskCost } from "./cost.js";
import { assertRandom, type Random } from "./random.js";
import { renderBatch } from "./rendering.js";
import { assertSequence, type Step, stackSequences } from "./sequence.js";
import type { Task } from "./task.js";

const DEFINITION_KEYS = [
  "name",
  "inputSize",
  "targetSize",
  "batchSize",
  "drawSequence",
  "shown",
  "timeAverage",
  "logProbInBits",
];

/** What has to be said of a task; the rest follows from it. */
export type TaskDefinition = CostOptions & {
  /** What the task is called; not empty. */
  readonly name: string;
  /** Width of an observation. */
  readonly inputSize: number;
  /** Width of an answer. */
  readonly targetSize: number;
  /** Elements in a batch; 16 by default. */
  readonly batchSize?: number | undefined;
  /**
   * Draws one sequence: at least one step, at least one of them with an answer. It is called once for each element of a
   * batch, and what it returns is copied: it may use the same arrays each time.
   *
   * @param random - Where every random decision has to come from; it is moved on.
   * @returns The steps in order, as many as you like.
   */
  readonly drawSequence: (random: Random) => readonly Step[];
  /**
   * The number that `Task.render` shows for the number in one channel of an observation, for one that was scaled for
   * the network; the number itself by default.
   *
   * @param value - The number in the observation, in float32.
   * @param channel - Which one of the `inputSize` numbers of the step, counted from 0.
   * @returns The number to show.
   */
  readonly shown?: ((value: number, channel: number) => number) | undefined;
};

/**
 * A task of one's own, from how one of its sequences is drawn.
 *
 * A batch is `batchSize` sequences, drawn one after the other and put side by side. Those shorter than the longest are
 * zero at the end. The mask is 1 where a step has an answer, and the cost is `maskedSigmoidCrossEntropy`. What
 * `drawSequence` returns is checked whenever a batch is drawn, before any tensor exists. An answer between 0 and 1 is
 * scored as a probability; to `solvedSequences` only 0 and 1 can be right.
 *
 * @param definition - See `TaskDefinition`; `name`, `inputSize`, `targetSize` and `drawSequence` are required.
 * @returns A task that keeps no state: the same for the same state of the generator, if `drawSequence` is.
 * @throws RangeError if a size is no positive integer; TypeError if a value is of the wrong kind or a key is unknown.
 *   Its `sample` throws a RangeError if a drawn sequence is empty or has no answer, a width is not the task's, an
 *   observation is not finite in float32 or an answer not in [0, 1]; a TypeError if something drawn is of the wrong kind
 *   or a step has an unknown key. Its `render` rejects with a TypeError if `shown` returns no number.
 */
export function defineTask(definition: TaskDefinition): Task {
  assertKeys("definition", definition, DEFINITION_KEYS);
  const { name, inputSize, targetSize, batchSize = 16, drawSequence, shown } = definition;
  const { timeAverage = false, logProbInBits = false } = definition;
  const sizes = { inputSize, targetSize };
  const costOptions = { timeAverage, logProbInBits };
  assertText("name", name);
  assertPositiveInteger("inputSize", inputSize);
  assertPositiveInteger("targetSize", targetSize);
  assertPositiveInteger("batchSize", batchSize);
  assertFunction("drawSequence", drawSequence, "a function from a generator to an array of steps");
  if (shown !== undefined) assertFunction("shown", shown, "a function from a value and its channel to a number");
  assertCostOptions(costOptions);

  return {
    name,
    ...sizes,
    sample: (random) => {
      assertRandom(random);
      const sequences = Array.from({ length: batchSize }, () => {
        const steps = drawSequence(random);
        assertSequence("drawSequence()", steps, sizes);
        return steps.map(copied);
      });
      return stackSequences(sequences, sizes);
    },
    cost: (logits, batch) => taskCost(logits, batch, targetSize, costOptions),
    render: (batch, output, options = {}) => renderBatch(batch, output, options, { ...sizes, shown: checked(shown) }),
  };
}

/** A step with its numbers as they are now: `drawSequence` may use its arrays again for the next sequence. */
function copied({ observation, answer }: Step): Step {
  return { observation: observation?.slice(), answer: answer?.slice() };
}

/** The same function, which throws a TypeError where it returns no number. */
function checked(shown: TaskDefinition["shown"]): TaskDefinition["shown"] {
  if (shown === undefined) return undefined;
  return (value, channel) => {
    const number = shown(value, channel);
    assertNumber("shown()", number, "a number");
    return number;
  };
}
