import {
  assertArray,
  assertFunction,
  assertKeys,
  assertPositiveInteger,
  assertPositiveNumber,
  assertText,
} from "./checks.js";

/** Names of the channels of a task's sequences. */
export type ChannelLabels = {
  /** One for each channel of an input. */
  readonly inputs: readonly string[];
  /** One for each channel of a target. */
  readonly targets: readonly string[];
};

/** Facts about the sequences of a task, for those who plan memory, explain losses or draw sequences. */
export type TaskFacts = {
  /** The sequences in a line, such as `4 bits, length 1-2`. */
  readonly description: string;
  /** Returns the names of the channels. */
  readonly channelLabels: () => ChannelLabels;
  /** Number of time steps of the longest sequence, which is that of the longest batch. */
  readonly maxTimeSteps: number;
  /** Number of time steps that count in a sequence, on average. */
  readonly meanCountedSteps: number;
};

/** The names of all facts. */
export const FACTS = [
  "description",
  "channelLabels",
  "maxTimeSteps",
  "meanCountedSteps",
] as const satisfies readonly (keyof TaskFacts)[];

/**
 * Returns the facts that a definition has.
 *
 * @throws TypeError if one is of the wrong kind; RangeError if it is out of range.
 */
export function completeFacts(
  definition: { readonly [Name in keyof TaskFacts]?: TaskFacts[Name] | undefined },
  { inputSize, targetSize }: { readonly inputSize: number; readonly targetSize: number },
): Partial<TaskFacts> {
  const { description, channelLabels, maxTimeSteps, meanCountedSteps } = definition;
  if (description !== undefined) assertText("description", description);
  if (maxTimeSteps !== undefined) assertPositiveInteger("maxTimeSteps", maxTimeSteps);
  if (meanCountedSteps !== undefined) assertPositiveNumber("meanCountedSteps", meanCountedSteps);
  if (channelLabels !== undefined) assertFunction("channelLabels", channelLabels, "a function that returns labels");
  const checked = channelLabels && (() => checkedLabels(channelLabels(), inputSize, targetSize));
  const facts = { description, channelLabels: checked, maxTimeSteps, meanCountedSteps };
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined));
}

/** @throws TypeError if labels are of the wrong kind; RangeError if there is not one for each channel. */
function checkedLabels(labels: ChannelLabels, inputSize: number, targetSize: number): ChannelLabels {
  assertKeys("channelLabels()", labels, ["inputs", "targets"]);
  assertLabels("channelLabels().inputs", labels.inputs, inputSize);
  assertLabels("channelLabels().targets", labels.targets, targetSize);
  return labels;
}

function assertLabels(name: string, labels: readonly string[], size: number): void {
  assertArray(name, labels);
  if (labels.length !== size)
    throw new RangeError(`${name}: expected one for each of ${size} channels, got ${labels.length}`);
  labels.forEach((label, channel) => {
    assertText(`${name}[${channel}]`, label);
  });
}
