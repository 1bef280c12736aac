import type { CheckpointState } from "@dnc/checkpoint";
import { type RandomState, restoreRandom } from "@dnc/tasks";
import type { CarriedState, IntervalSums, LessonsState, TrainingReport, TrainingState } from "@dnc/training";

/** State in which a run resumes, without the variables. */
export interface ResumeState {
  /** Undefined for a new run. */
  readonly training: TrainingState | undefined;
  /** The step of the last regular report: metrics, samples and events are valid up to there. */
  readonly reported: number;
}

/**
 * Parses the state in which a run resumes from its state.json, and adds the network's carried state.
 *
 * @throws TypeError or RangeError naming the field that is not what `checkpointState` writes.
 */
export function parseResumeState(state: CheckpointState, carriedState?: CarriedState): ResumeState {
  const { step, seconds, reported, random } = state;
  checkNumbers("state.json", { step, seconds, reported });
  const lessons = state.lessons === undefined ? undefined : lessonsOf(state.lessons);
  // Checkpoints of earlier releases have no report.
  const report = state.report === undefined ? undefined : reportOf(state.report);
  return {
    training: {
      step,
      seconds: seconds as number,
      random: restoreRandom(random as RandomState).state(),
      interval: sumsOf("state.json: interval", state.interval),
      ...(report === undefined ? {} : { report }),
      ...(lessons === undefined ? {} : { lessons }),
      ...(carriedState === undefined ? {} : { carriedState }),
    },
    reported: reported as number,
  };
}

function sumsOf(where: string, value: unknown): IntervalSums {
  // Checkpoints of earlier releases have `solved` instead of `exactMatch`.
  const found = (value ?? {}) as IntervalSums & { readonly solved?: number };
  const { iterations, loss, gradientNorm, solved, exactMatch = solved as number, sequences } = found;
  const sums = { iterations, loss, gradientNorm, exactMatch, sequences };
  checkLoss(where, loss);
  checkNumbers(where, { ...sums, loss: 0 });
  return sums;
}

function reportOf(value: unknown): TrainingReport {
  const { lesson, ...numbers } = (value ?? {}) as TrainingReport;
  const { step, iterations, loss, exactMatch, gradientNorm, iterationsPerSecond, seconds, learningRate } = numbers;
  const report = { step, iterations, loss, exactMatch, gradientNorm, iterationsPerSecond, seconds, learningRate };
  checkLoss("state.json: report", loss);
  checkNumbers("state.json: report", { ...report, loss: 0 });
  return { ...report, ...(lesson === undefined ? {} : { lesson }) };
}

function lessonsOf(value: unknown): LessonsState {
  const { passed, decided, sums } = (value ?? {}) as Partial<LessonsState>;
  if (!Array.isArray(passed))
    throw new TypeError(`state.json: lessons.passed: expected an array of numbers, got ${JSON.stringify(passed)}`);
  checkNumbers("state.json: lessons.passed", passed);
  checkNumbers("state.json: lessons", { decided });
  return { passed, decided: decided as number, sums: sumsOf("state.json: lessons.sums", sums) };
}

/** Throws a TypeError unless it is a number; the loss of a policy may be below 0. */
function checkLoss(where: string, loss: unknown): void {
  if (typeof loss === "number") return;
  throw new TypeError(`${where}: loss: expected a number, got ${JSON.stringify(loss)}`);
}

function checkNumbers(where: string, values: object): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "number" && value >= 0) continue;
    throw new TypeError(`${where}: ${name}: expected a number of at least 0, got ${JSON.stringify(value)}`);
  }
}
