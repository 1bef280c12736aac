import { checkNewSequences, checkRunSteps } from "@dnc/core/engine";
import { formatValue } from "@dnc/report";
import { type Batch, meanLoss, type Task } from "@dnc/tasks";

/** Losses whose targets have a range: bits, and probabilities of classes. */
const TARGETS: Readonly<Record<string, readonly [low: number, high: number, expected: string]>> = {
  sigmoid: [0, 1, "numbers in [0, 1]"],
  softmax: [0, Number.MAX_VALUE, "numbers of at least 0"],
};

/**
 * Checks that a value is a task, as far as can be seen without running it.
 *
 * @returns what is wrong, as `name: expected X, got Y`; undefined if nothing is.
 */
export function whyNoTask(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null)
    return `expected a task, such as defineTask returns, got ${kindOf(value)}`;
  const task = value as Readonly<Record<string, unknown>>;
  if (typeof task.name !== "string" || task.name === "") return `name: expected a text, got ${formatValue(task.name)}`;
  for (const size of ["inputSize", "targetSize", "batchSize"])
    if (!Number.isSafeInteger(task[size]) || (task[size] as number) < 1)
      return `${size}: expected a positive integer, got ${kindOf(task[size])}`;
  for (const method of ["sampleBatch", "render"])
    if (typeof task[method] !== "function") return `${method}: expected a function, got ${kindOf(task[method])}`;
  for (const method of ["channelLabels", "phases", "formatInput"])
    if (!["undefined", "function"].includes(typeof task[method]))
      return `${method}: expected a function, got ${kindOf(task[method])}`;
  if (!["undefined", "string"].includes(typeof task.description))
    return `description: expected a text, got ${kindOf(task.description)}`;
  const { maxTimeSteps = 1 } = task;
  if (!Number.isSafeInteger(maxTimeSteps) || (maxTimeSteps as number) < 1)
    return `maxTimeSteps: expected a positive integer, got ${kindOf(maxTimeSteps)}`;
  return messageOf(() => checkLoss(value as Task));
}

/** Throws unless the loss of a task and its options are valid: computes it for a step that does not count. */
function checkLoss({ targetSize, loss, groupSizes, timeAverage, logProbInBits }: Task): void {
  const none = { timeSteps: 1, batchSize: 1, targets: new Float32Array(targetSize), mask: new Float32Array(1) };
  meanLoss(new Float32Array(targetSize), none, { loss, groupSizes, timeAverage, logProbInBits });
}

/**
 * Checks a batch of a task.
 *
 * @param value - what `sampleBatch` has returned.
 * @param batchSize - number of sequences that it was asked for.
 * @returns what is wrong, as `name: expected X, got Y`; undefined if nothing is.
 */
export function whyNoBatch(value: unknown, batchSize: number, task: Task): string | undefined {
  if (typeof value !== "object" || value === null || value instanceof Promise)
    return `sampleBatch(): expected a batch, got ${value instanceof Promise ? "a promise" : kindOf(value)}`;
  const batch = value as Batch;
  if (!Number.isSafeInteger(batch.timeSteps) || batch.timeSteps < 1)
    return `timeSteps: expected a positive integer, got ${kindOf(batch.timeSteps)}`;
  if (batch.batchSize !== batchSize) return `batchSize: expected ${batchSize}, got ${kindOf(batch.batchSize)}`;
  const [low, high, expected] = TARGETS[task.loss] ?? [-Number.MAX_VALUE, Number.MAX_VALUE, "finite numbers"];
  return (
    whyNoNumbers("inputs", batch.inputs, [batch, task.inputSize]) ??
    whyNoNumbers("targets", batch.targets, [batch, task.targetSize], [low, high, expected]) ??
    whyNoNumbers("mask", batch.mask, [batch, 1], [0, 1, "0 or 1"], Number.isInteger) ??
    messageOf(() => {
      checkRunSteps(batch);
      checkNewSequences(batch, { carryState: false });
    })
  );
}

/** Returns the message of what a check throws; undefined if it throws nothing. */
function messageOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function whyNoNumbers(
  name: string,
  values: unknown,
  [{ timeSteps, batchSize }, channels]: readonly [Batch, number],
  [low, high, expected]: readonly [number, number, string] = [-Number.MAX_VALUE, Number.MAX_VALUE, "finite numbers"],
  isAllowed: (number: number) => boolean = () => true,
): string | undefined {
  if (!(values instanceof Float32Array)) return `${name}: expected a Float32Array, got ${kindOf(values)}`;
  const length = timeSteps * batchSize * channels;
  const shape = name === "mask" ? `[${timeSteps}, ${batchSize}]` : `[${timeSteps}, ${batchSize}, ${channels}]`;
  if (values.length !== length) return `${name}: expected ${shape}, ${length} numbers, got ${values.length}`;
  const at = values.findIndex((number) => !(number >= low && number <= high && isAllowed(number)));
  return at === -1 ? undefined : `${name}[${at}]: expected ${expected}, got ${values[at]}`;
}

/** Describes a value of the wrong kind. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "function") return "a function";
  return typeof value === "object" && value !== null ? "an object" : formatValue(value);
}
