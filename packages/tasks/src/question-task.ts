import { assertTargets, type Batch } from "./batch.js";
import { assertFloatsOfShape, assertInteger, assertKeys } from "./checks.js";
import type { TaskFacts } from "./facts.js";
import { packSteps, type Step, stackSequences } from "./sequence.js";
import type { Task } from "./task.js";

/** Which sequence `QuestionTask.decode` reads. */
export type DecodeOptions = {
  /** Index of the sequence in the batch; default: 0. */
  readonly sequence?: number | undefined;
};

/**
 * A task of which sequences can be written from what they ask, and read back.
 *
 *     const batch = copy().encode({ pattern: [[0, 1, 1, 0], [1, 0, 0, 0]] });
 *     copy().decode(batch).pattern; // [[0, 1, 1, 0], [1, 0, 0, 0]]
 *
 * @typeParam Question - What decides a sequence, as plain data.
 */
export type QuestionTask<Question> = Task &
  TaskFacts & {
    /**
     * Encodes a question as the task's own sequences are.
     *
     * @param question - Its sizes may be others than those that the task samples.
     * @returns A batch of one sequence, with its targets.
     * @throws RangeError if a number or a size is out of range; TypeError if something is of the wrong kind or a key is unknown.
     */
    encode(question: Question): Batch;
    /**
     * Decodes the question of a sequence: `encode` of it is that sequence.
     *
     * @param batch - A batch of the task.
     * @param options - See `DecodeOptions`.
     * @returns Plain data.
     * @throws RangeError if the lengths do not fit the task or there is no such sequence; TypeError if something is of the wrong kind or an
     *   option is unknown.
     */
    decode(batch: Batch, options?: DecodeOptions): Question;
  };

/** The rows of a sequence: `[step][channel]`. */
export type SequenceRows = {
  readonly inputs: readonly (readonly number[])[];
  readonly targets: readonly (readonly number[])[];
  readonly counts: readonly boolean[];
};

/** How the questions of a task are written and read. */
export type QuestionCodec<Question> = {
  /** Returns the steps of a question. */
  readonly steps: (question: Question) => readonly Step[];
  /** Throws unless a question is one of the task. */
  readonly check: (question: Question) => void;
  readonly read: (rows: SequenceRows) => Question;
  /** Whether batches have `lengths`; default: false. */
  readonly lengths?: boolean | undefined;
};

/** Adds `encode` and `decode` to a task. */
export function withQuestions<Question>(
  task: Task & TaskFacts,
  { steps, check, read, lengths = false }: QuestionCodec<Question>,
): QuestionTask<Question> {
  return {
    ...task,
    encode: (question) => {
      check(question);
      return stackSequences([packSteps(steps(question), task)], task, { lengths });
    },
    decode: (batch, options = {}) => {
      assertKeys("option", options, ["sequence"]);
      const { sequence = 0 } = options;
      return read(sequenceRows(batch, sequence, task));
    },
  };
}

function sequenceRows(
  batch: Batch,
  sequence: number,
  { inputSize, targetSize }: Pick<Task, "inputSize" | "targetSize">,
): SequenceRows {
  assertTargets(batch, targetSize);
  const { timeSteps, batchSize, inputs, targets, mask } = batch;
  assertFloatsOfShape("inputs", inputs, [timeSteps, batchSize, inputSize]);
  assertInteger("sequence", sequence, 0, batchSize - 1, `an integer from 0 to ${batchSize - 1}`);
  const rows = Array.from({ length: timeSteps }, (_, step) => step * batchSize + sequence);
  const part = (values: Float32Array, size: number) =>
    rows.map((row) => Array.from(values.subarray(row * size, (row + 1) * size)));
  return {
    inputs: part(inputs, inputSize),
    targets: part(targets, targetSize),
    counts: rows.map((row) => mask[row] === 1),
  };
}
