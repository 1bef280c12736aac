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

/** A sequence of a batch, step by step, for `TaskFacts.phases`. */
export type SequenceSteps = {
  /** `[timeSteps][inputSize]`: the inputs. */
  readonly inputs: readonly (readonly number[])[];
  /** `[timeSteps]`: whether the target of the step counts. */
  readonly counts: readonly boolean[];
};

/** Facts about the sequences of a task, for those who plan memory, explain losses or draw sequences. */
export type TaskFacts = {
  /** The sequences in a line, such as `4 bits, length 1-2`. */
  readonly description: string;
  /** Returns the names of the channels. */
  readonly channelLabels: () => ChannelLabels;
  /**
   * Names the part of a sequence that each time step belongs to, such as "bits" or "output", for the time axis of a page.
   *
   * @param sequence - One sequence of a batch.
   * @returns A name for each time step; neighbours with one name are one part.
   */
  readonly phases: (sequence: SequenceSteps) => readonly string[];
  /** Number of time steps of the longest sequence, which is that of the longest batch. */
  readonly maxTimeSteps: number;
  /** Number of time steps that count in a sequence, on average. */
  readonly meanCountedSteps: number;
};

/** The names of all facts. */
export const FACTS = [
  "description",
  "channelLabels",
  "phases",
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
  const { description, channelLabels, phases, maxTimeSteps, meanCountedSteps } = definition;
  if (description !== undefined) assertText("description", description);
  if (maxTimeSteps !== undefined) assertPositiveInteger("maxTimeSteps", maxTimeSteps);
  if (meanCountedSteps !== undefined) assertPositiveNumber("meanCountedSteps", meanCountedSteps);
  if (channelLabels !== undefined) assertFunction("channelLabels", channelLabels, "a function that returns labels");
  if (phases !== undefined) assertFunction("phases", phases, "a function from a sequence to a name for each time step");
  const checked = channelLabels && (() => checkedLabels(channelLabels(), inputSize, targetSize));
  const checkedPhases = phases && ((sequence: SequenceSteps) => checkedNames(phases(sequence), sequence));
  const facts = { description, channelLabels: checked, phases: checkedPhases, maxTimeSteps, meanCountedSteps };
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined));
}

/** @throws TypeError if labels are of the wrong kind; RangeError if there is not one for each channel. */
function checkedLabels(labels: ChannelLabels, inputSize: number, targetSize: number): ChannelLabels {
  assertKeys("channelLabels()", labels, ["inputs", "targets"]);
  assertLabels("channelLabels().inputs", labels.inputs, inputSize);
  assertLabels("channelLabels().targets", labels.targets, targetSize);
  return labels;
}

/** @throws TypeError if names are of the wrong kind; RangeError if there is not one for each time step. */
function checkedNames(names: readonly string[], { counts: { length } }: SequenceSteps): readonly string[] {
  assertArray("phases()", names);
  if (names.length !== length)
    throw new RangeError(`phases(): expected one for each of ${length} time steps, got ${names.length}`);
  names.forEach((name, step) => {
    assertText(`phases()[${step}]`, name);
  });
  return names;
}

function assertLabels(name: string, labels: readonly string[], size: number): void {
  assertArray(name, labels);
  if (labels.length !== size)
    throw new RangeError(`${name}: expected one for each of ${size} channels, got ${labels.length}`);
  labels.forEach((label, channel) => {
    assertText(`${name}[${channel}]`, label);
  });
}
