import type { NamedVariable } from "@dnc/core";
import type { Trainer, TrainStepResult } from "@dnc/core/engine";
import { type AnyTask, type Batch, isEpisodeTask, type RandomState } from "@dnc/tasks";
import { DivergenceError } from "./divergence-error.js";
import { addIteration, type IntervalSums, meansOf, NO_SUMS } from "./interval-metrics.js";
import type { Optimizer } from "./optimizer.js";
import type { StepRunner } from "./step-runner.js";
import { StepsInFlight } from "./steps-in-flight.js";
import type { TrainCallbacks } from "./train-options.js";
import type { TrainingParts } from "./training-parts.js";
import type { TrainingReport, TrainingState } from "./training-report.js";
import { yieldToEventLoop } from "./yield-to-event-loop.js";

/** Interval between yields to the event loop; yielding every iteration would be slow. */
const YIELD_INTERVAL_MS = 10;

/** Longest time between reads of results: bounds the delay in detecting NaN. */
const RESULT_INTERVAL_MS = 500;

/** Seconds; keeps rates finite. */
const CLOCK_TICK = 1e-6;

declare const performance: { now(): number };

/**
 * A run of `train` in separate steps, for programs that check memory before they start, or save a checkpoint after a
 * failure:
 *
 *     const training = await createTraining({ network, task, iterations: 1000, onCheckpoint });
 *     await training.run().catch(() => training.saveRest());
 *     training.dispose();
 */
export class Training {
  readonly #parts: TrainingParts;
  #callbacks: TrainCallbacks;
  readonly #began = performance.now();
  readonly #secondsBefore: number;
  readonly #inFlight = new StepsInFlight();
  /** Iterations of the interval that this process has not run. */
  #untimed: number;
  #intervalBegan = performance.now();
  #lastYield = performance.now();
  #lastRead = performance.now();
  #step: number;
  #sums: IntervalSums;
  /** The last report that was due. A curriculum gets this one, so that a resumed run gets the same. */
  #dueReport: TrainingReport | undefined;
  #report: TrainingReport | undefined;
  #progress: TrainingReport | undefined;
  /** Step of the last checkpoint; undefined before the first. */
  #savedStep: number | undefined;
  /** Number of batches sampled since the run began, and the generator's state before the last one. */
  #sampled: number;
  #randomBefore: RandomState;
  #isReached = false;

  /**
   * Call `createTraining` instead.
   *
   * @param parts - All parts of the run, checked.
   */
  constructor(parts: TrainingParts) {
    this.#parts = parts;
    this.#callbacks = parts.callbacks;
    const { step = 0, seconds = 0, interval = NO_SUMS, report } = parts.state ?? {};
    this.#step = this.#sampled = step;
    this.#randomBefore = parts.random.state();
    this.#secondsBefore = seconds;
    this.#sums = interval;
    this.#untimed = interval.iterations;
    this.#report = this.#dueReport = report;
    this.#savedStep = parts.state?.step;
  }

  /** Short description of what trains: the engine, or TensorFlow.js ops and the reason. */
  get description(): string {
    return this.#parts.runner.description;
  }

  /** The engine's trainer, for example to reserve memory; undefined if TensorFlow.js ops train. */
  get trainer(): Trainer | undefined {
    return this.#parts.runner.trainer;
  }

  /** The optimizer of the options, or a new one. */
  get optimizer(): Optimizer {
    return this.#parts.optimizer;
  }

  /** Number of iterations done since the run began. */
  get step(): number {
    return this.#step;
  }

  /** The last report. */
  get report(): TrainingReport | undefined {
    return this.#report;
  }

  /** Whether the run is complete; false after `run` means that it was stopped. */
  get isDone(): boolean {
    return this.#isReached || this.#step >= this.#parts.iterations;
  }

  /** State from which the run resumes; a batch whose step has failed is sampled again. */
  get state(): TrainingState {
    const random = this.#sampled === this.#step ? this.#parts.random.state() : this.#randomBefore;
    const { runner, lessons } = this.#parts;
    const { carriedState } = runner;
    return {
      ...{ step: this.#step, seconds: this.#seconds, random, interval: this.#sums },
      ...(this.#dueReport === undefined ? {} : { report: this.#dueReport }),
      ...(lessons === undefined ? {} : { lessons: lessons.progress.state }),
      ...(carriedState === undefined ? {} : { carriedState }),
    };
  }

  /**
   * Runs until the run is complete or stopped; then makes the last report and checkpoint.
   *
   * @param callbacks - Callbacks; default: those of `createTraining`.
   * @throws The errors of `train`. After a DivergenceError the network's variables are those before the rejected
   *   update.
   */
  async run(callbacks: TrainCallbacks = this.#callbacks): Promise<void> {
    this.#callbacks = callbacks;
    try {
      await this.#iterations();
      await this.#readResults();
      if (this.#sums.iterations > 0) await this.#reportRest();
      if (this.#savedStep !== this.#step) await this.#save();
    } catch (error) {
      if (error instanceof DivergenceError) await this.#parts.runner.writeToVariables();
      throw error;
    }
    await this.#parts.runner.writeToVariables();
  }

  /**
   * Calls `onCheckpoint` for the iterations since the last checkpoint, after `run` has failed with an error other than
   * divergence. Includes all iterations that are known to have been applied; does nothing if their number is unknown.
   *
   * @throws The errors of `run`.
   */
  async saveRest(): Promise<void> {
    await this.#readResults();
    const isKnown = this.#sampled - this.#step <= 1;
    if (isKnown && this.#step > 0 && this.#savedStep !== this.#step) await this.#save();
  }

  /** Updates the variables of network and optimizer, which are out of date while an engine trains. */
  async writeToVariables(): Promise<void> {
    await this.#parts.runner.writeToVariables();
  }

  /** Frees the run's memory, but not network and optimizer. */
  dispose(): void {
    this.#parts.runner.dispose();
  }

  async #iterations(): Promise<void> {
    const { iterations, reportInterval, checkpointInterval } = this.#parts;
    const { signal, onProgress } = this.#callbacks;
    // The report of this step is still due if the run ended in it, for example by an error of `onReport`.
    if (this.#sums.iterations > 0 && this.#step % reportInterval === 0) await this.#reportInterval();
    // Likewise a decision, for example after an evaluation that has failed.
    if (this.#isDecision(this.#step)) await this.#decide();
    for (let step = this.#step + 1; step <= iterations && !this.#isReached && !signal?.aborted; step++) {
      await this.#iterate(step);
      const isReport = step % reportInterval === 0;
      const isCheckpoint = checkpointInterval !== undefined && step % checkpointInterval === 0;
      const isDecision = this.#isDecision(step);
      const isDue = isReport || isCheckpoint || isDecision || performance.now() - this.#lastRead >= RESULT_INTERVAL_MS;
      if (isDue || this.#inFlight.isFull) await this.#readResults();
      if (this.#progress) onProgress?.(this.#progress);
      if (isReport) await this.#reportInterval();
      if (isDecision) await this.#decide();
      if (isCheckpoint) await this.#save();
      await this.#yield();
    }
  }

  async #iterate(step: number): Promise<void> {
    const { pickTask, random, runner, learningRate } = this.#parts;
    this.#randomBefore = random.state();
    const { task, lesson } = pickTask({ step: step - 1, report: this.#dueReport }, random);
    this.#sampled++;
    const batch = await this.#sampleBatch(task);
    if (learningRate) runner.setLearningRate(learningRate(step));
    this.#inFlight.begin();
    const results = await runner.step(batch);
    this.#inFlight.add({ batchSize: batch.batchSize, lesson });
    this.#record(results);
  }

  /** Samples the next batch; episodes are rolled out, once the parameters are known from which they follow. */
  async #sampleBatch(task: AnyTask): Promise<Batch> {
    const { random, runner } = this.#parts;
    if (!isEpisodeTask(task)) return task.sampleBatch(random);
    await this.#readResults();
    return (runner.rollOut as NonNullable<StepRunner["rollOut"]>)(task, random);
  }

  async #readResults(): Promise<void> {
    const results = await this.#parts.runner.flush();
    this.#inFlight.measure();
    this.#record(results);
    this.#lastRead = performance.now();
  }

  #record(results: readonly TrainStepResult[]): void {
    for (const result of results) {
      const { loss, globalNorm, applied } = result;
      if (!applied) throw new DivergenceError({ step: this.#step + 1, loss, gradientNorm: globalNorm });
      this.#step++;
      const { batchSize, lesson } = this.#inFlight.remove();
      this.#sums = addIteration(this.#sums, result, batchSize);
      this.#parts.lessons?.progress.record(lesson, result, batchSize);
    }
    if (results.length > 0) this.#progress = this.#currentReport();
  }

  /** Decides whether the current lesson is passed. */
  async #decide(): Promise<void> {
    const { lessons, random } = this.#parts;
    const passed = await lessons?.progress.decide(this.#step, random, lessons.evaluate);
    if (passed) await this.#callbacks.onLessonPassed?.(passed);
  }

  #isDecision(step: number): boolean {
    return this.#parts.lessons?.progress.isDue(step) ?? false;
  }

  /** Makes a report and starts the next interval. */
  async #reportInterval(): Promise<void> {
    await this.#reportRest();
    this.#dueReport = this.#report;
    this.#sums = NO_SUMS;
    this.#untimed = 0;
    this.#intervalBegan = performance.now();
  }

  async #reportRest(): Promise<void> {
    const { onReport, until } = this.#callbacks;
    this.#report = this.#currentReport();
    await this.#parts.runner.writeToVariables();
    await onReport?.(this.#report);
    if (until?.(this.#report)) this.#isReached = true;
  }

  #currentReport(): TrainingReport {
    const { optimizer, lessons } = this.#parts;
    const seconds = Math.max((performance.now() - this.#intervalBegan) / 1000, CLOCK_TICK);
    return {
      step: this.#step,
      ...meansOf(this.#sums),
      iterationsPerSecond: (this.#sums.iterations - this.#untimed) / seconds,
      seconds: this.#seconds,
      learningRate: optimizer.learningRate,
      ...(lessons === undefined ? {} : { lesson: lessons.progress.at(this.#step) }),
    };
  }

  /** Calls `onCheckpoint` after checking that every variable is finite. */
  async #save(): Promise<void> {
    const { variables, optimizer, value, runner } = this.#parts;
    const { onCheckpoint } = this.#callbacks;
    if (!onCheckpoint) return;
    await runner.writeToVariables();
    const ofValue = value ? [...value.network.variables, ...value.optimizer.variables] : [];
    const variable = await firstNonFinite([...variables, ...optimizer.variables, ...ofValue]);
    if (variable !== undefined) {
      const { loss = Number.NaN, gradientNorm = Number.NaN } = this.#progress ?? {};
      throw new DivergenceError({ step: this.#step, loss, gradientNorm, variable });
    }
    await onCheckpoint({ step: this.#step, state: this.state, optimizer, value });
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

/** Finds the name of the first variable with a value that is not finite. */
async function firstNonFinite(variables: readonly NamedVariable[]): Promise<string | undefined> {
  const values = await Promise.all(variables.map(({ variable }) => variable.data()));
  return variables.find((_, index) => !values[index].every(Number.isFinite))?.name;
}
