import type { NamedVariable } from "@dnc/core";
import type { TrainStepResult } from "@dnc/core/engine";
import { type Random, restoreRandom } from "@dnc/tasks";
import { DivergenceError } from "./divergence-error.js";
import { addIteration, type IntervalSums, meansOf, NO_SUMS } from "./interval-metrics.js";
import type { LearningRateSchedule } from "./learning-rate.js";
import type { RmsProp } from "./rms-prop.js";
import type { StepRunner } from "./step-runner.js";
import type { Curriculum, TrainingCheckpoint, TrainingReport, TrainingState } from "./training-report.js";
import { yieldToEventLoop } from "./yield-to-event-loop.js";

/** Interval between yields to the event loop; yielding every iteration would be slow. */
const YIELD_INTERVAL_MS = 10;

/** Longest time between reads of results: bounds the delay in detecting NaN. */
const RESULT_INTERVAL_MS = 500;

/** Seconds; keeps rates finite. */
const CLOCK_TICK = 1e-6;

declare const performance: { now(): number };

/** A signal that ends a run, such as that of an `AbortController`. */
export type StopSignal = {
  /** Whether to stop after the current iteration. */
  readonly aborted: boolean;
};

/** Everything that takes part in a run. */
export type RunParts = {
  readonly variables: readonly NamedVariable[];
  readonly optimizer: RmsProp;
  readonly runner: StepRunner;
  readonly task: Curriculum;
  readonly random: Random;
  readonly state: TrainingState | undefined;
  readonly iterations: number;
  readonly until: ((report: TrainingReport) => boolean) | undefined;
  readonly learningRate: LearningRateSchedule | undefined;
  readonly reportInterval: number;
  readonly onReport: ((report: TrainingReport) => void | Promise<void>) | undefined;
  readonly checkpointInterval: number | undefined;
  readonly onCheckpoint: ((checkpoint: TrainingCheckpoint) => void | Promise<void>) | undefined;
  readonly signal: StopSignal | undefined;
};

/** The training loop: sample a batch, step, report, checkpoint. */
export class TrainingRun {
  readonly #parts: RunParts;
  readonly #began = performance.now();
  readonly #secondsBefore: number;
  /** Number of sequences of each step whose result has not been read. */
  readonly #pending: number[] = [];
  /** Iterations of the interval that this process has not run. */
  #untimed: number;
  #intervalBegan = performance.now();
  #lastYield = performance.now();
  #lastRead = performance.now();
  #step: number;
  #sums: IntervalSums;
  /** The last report that was due: what a curriculum sees, so that a resumed run sees the same. */
  #dueReport: TrainingReport | undefined;
  #report: TrainingReport | undefined;
  #savedStep: number;
  #isReached = false;

  constructor(parts: RunParts) {
    this.#parts = parts;
    const { step = 0, seconds = 0, interval = NO_SUMS, report } = parts.state ?? {};
    this.#step = step;
    this.#secondsBefore = seconds;
    this.#sums = interval;
    this.#untimed = interval.iterations;
    this.#report = this.#dueReport = report;
    this.#savedStep = step;
  }

  /** Iterations done since the run began. */
  get step(): number {
    return this.#step;
  }

  /** The last report. */
  get report(): TrainingReport | undefined {
    return this.#report;
  }

  /** Whether there is nothing left to do; otherwise the run was stopped. */
  get isDone(): boolean {
    return this.#isReached || this.#step >= this.#parts.iterations;
  }

  /** State from which the run resumes. */
  get state(): TrainingState {
    const { random } = this.#parts;
    const now = { step: this.#step, seconds: this.#seconds, random: random.state(), interval: this.#sums };
    return this.#dueReport === undefined ? now : { ...now, report: this.#dueReport };
  }

  /** Runs until everything is done or someone wishes to stop; then reports and saves what is left. */
  async run(): Promise<void> {
    const { iterations, signal, reportInterval, checkpointInterval } = this.#parts;
    for (let step = this.#step + 1; step <= iterations && !this.#isReached && !signal?.aborted; step++) {
      await this.#iterate(step);
      const isReport = step % reportInterval === 0;
      const isCheckpoint = checkpointInterval !== undefined && step % checkpointInterval === 0;
      if (isReport || isCheckpoint || performance.now() - this.#lastRead >= RESULT_INTERVAL_MS)
        await this.#readResults();
      if (isReport) await this.#reportInterval();
      if (isCheckpoint) await this.#save();
      await this.#yield();
    }
    await this.#readResults();
    if (this.#sums.iterations > 0) await this.#reportRest();
    if (this.#savedStep !== this.#step) await this.#save();
    await this.#parts.runner.writeToVariables();
  }

  async #iterate(step: number): Promise<void> {
    const { task, random, runner, learningRate } = this.#parts;
    const progress = { step: step - 1, report: this.#dueReport };
    const batch = task(progress).sampleBatch(random);
    if (learningRate) runner.setLearningRate(learningRate(step));
    this.#pending.push(batch.batchSize);
    this.#record(await runner.step(batch));
  }

  async #readResults(): Promise<void> {
    this.#record(await this.#parts.runner.flush());
    this.#lastRead = performance.now();
  }

  #record(results: readonly TrainStepResult[]): void {
    for (const result of results) {
      const { loss, globalNorm, applied } = result;
      if (!applied) throw new DivergenceError({ step: this.#step + 1, loss, gradientNorm: globalNorm });
      this.#step++;
      this.#sums = addIteration(this.#sums, result, this.#pending.shift() as number);
    }
  }

  /** Reports, and starts the next interval. */
  async #reportInterval(): Promise<void> {
    await this.#reportRest();
    this.#dueReport = this.#report;
    this.#sums = NO_SUMS;
    this.#untimed = 0;
    this.#intervalBegan = performance.now();
  }

  async #reportRest(): Promise<void> {
    const { runner, optimizer, onReport, until } = this.#parts;
    const seconds = Math.max((performance.now() - this.#intervalBegan) / 1000, CLOCK_TICK);
    this.#report = {
      step: this.#step,
      ...meansOf(this.#sums),
      iterationsPerSecond: (this.#sums.iterations - this.#untimed) / seconds,
      seconds: this.#seconds,
      learningRate: optimizer.learningRate,
    };
    await runner.writeToVariables();
    await onReport?.(this.#report);
    if (until?.(this.#report)) this.#isReached = true;
  }

  /** Hands over a checkpoint after checking that every variable is finite. */
  async #save(): Promise<void> {
    const { onCheckpoint, variables, optimizer, runner } = this.#parts;
    if (!onCheckpoint) return;
    await runner.writeToVariables();
    const variable = await firstNonFinite([...variables, ...optimizer.variables]);
    if (variable !== undefined) {
      const { loss = Number.NaN, gradientNorm = Number.NaN } = this.#report ?? {};
      throw new DivergenceError({ step: this.#step, loss, gradientNorm, variable });
    }
    await onCheckpoint({ step: this.#step, state: this.state, optimizer });
    this.#savedStep = this.#step;
  }

  async #yield(): Promise<void> {
    if (performance.now() - this.#lastYield < YIELD_INTERVAL_MS) return;
    await yieldToEventLoop();
    this.#lastYield = performance.now();
  }

  get #seconds(): number {
    return this.#secondsBefore + (performance.now() - this.#began) / 1000;
  }
}

/** A generator at the place where a run stopped, or the one given. */
export function randomOf(state: TrainingState | undefined, random: Random): Random {
  return state === undefined ? random : restoreRandom(state.random);
}

/** The name of the first variable with a value that is not finite. */
async function firstNonFinite(variables: readonly NamedVariable[]): Promise<string | undefined> {
  const values = await Promise.all(variables.map(({ variable }) => variable.data()));
  return variables.find((_, index) => !values[index].every(Number.isFinite))?.name;
}
