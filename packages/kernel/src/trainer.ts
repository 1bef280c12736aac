import {
  type BatchArrays,
  type CompleteOptimizerOptions,
  checkBatch,
  checkCount,
  completeGroupSizes,
  completeOptimizerOptions,
  type LossName,
  networkSizes,
  type OptimizerState,
  type TrainableCore,
  type Trainer,
  type TrainStepResult,
  type UnrollState,
} from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { batchSizeOf, copyState, putInitialState, takeFinalState } from "./carried-state.js";
import { MAX_THREADS } from "./generated/plan.js";
import type { KernelNetwork } from "./host.js";
import { isZeroAtFirst, readInitialState } from "./initial-state.js";
import { inputMaskOf, putInputMask } from "./input-mask.js";
import { downloadOptimizer, initialOptimizerState, optimizerFields, uploadOptimizer } from "./optimizer.js";
import { logitRows, readRows } from "./rows.js";
import type { KernelTrainerSetup } from "./trainer-setup.js";

/** As in source/plan.h. */
const LOSSES: { readonly [Name in LossName]: number } = { sigmoid: 0, softmax: 1, squared: 2, linear: 3 };

/**
 * Trains a network with one kernel call per iteration: forward pass, loss, backward pass, clipping by global norm, update.
 *
 *     class MyTrainer extends KernelTrainer {} // an engine checks the core and chooses the host
 *     const { loss } = new MyTrainer(core, setup).step(task.sampleBatch(random));
 *
 * The kernel's memory holds the parameters: `writeToVariables` copies them to the core's variables, `readFromVariables`
 * copies them back. Each step is synchronous and returns its result.
 */
export class KernelTrainer implements Trainer {
  /** Short description of backend and device. */
  readonly description: string;
  /** Instruction set in use. */
  readonly instructionSet: string;
  /** The optimizer's state as of the last `writeToVariables`; changes made here take effect with `readFromVariables`. */
  readonly optimizerState: OptimizerState;
  /**
   * With `carryState`: the state after the last batch as of the last `writeToVariables`. A state assigned here takes effect with
   * `readFromVariables`; undefined makes the next batch start from the initial state.
   */
  carriedState: UnrollState<Float32Array> | undefined;
  readonly #core: TrainableCore;
  readonly #network: KernelNetwork;
  readonly #threads: number;
  readonly #loss: LossName;
  readonly #groupSizes: readonly number[];
  readonly #carryState: boolean;
  #optimizer: CompleteOptimizerOptions;
  /** Number of updates, for Adam. */
  #updates = 0;
  #carried: { readonly state: UnrollState<Float32Array>; readonly batchSize: number } | undefined;
  /** The state before the first step that was needed last. */
  #initial: { readonly state: UnrollState<Float32Array>; readonly batchSize: number } | undefined;
  readonly #parameters: Float32Array;
  /** Whether `#parameters` and `optimizerState` hold values that must still be copied to the kernel's memory. */
  #mustUpload = false;
  #stepped = false;
  readonly #results = new Float32Array(2);
  /** Whether `stepAsync` has not finished. */
  #isRunning = false;

  /**
   * @param core - a network that the engine supports, checked; its variables are read by the constructor and by
   *   `readFromVariables`.
   * @param setup - host, threads and options.
   * @throws RangeError if the sizes of groups do not add up to the number of outputs.
   */
  constructor(core: TrainableCore, { host, hostName, threads, options }: KernelTrainerSetup) {
    const { maxGradNorm, ...kind } = options;
    const sizes = networkSizes(core.config);
    this.#loss = kind.loss;
    this.#groupSizes = kind.loss === "softmax" ? completeGroupSizes(kind.groupSizes, sizes.outputSize) : [];
    this.#carryState = kind.carryState;
    this.#optimizer = kind.optimizer;
    this.#core = core;
    this.instructionSet = host.instructionSet;
    this.#network = host.createNetwork(sizes);
    this.#network.set({
      maxNorm: maxGradNorm,
      loss: LOSSES[kind.loss],
      groupCount: this.#groupSizes.length,
      keepsState: kind.carryState || !isZeroAtFirst(core.config) ? 1 : 0,
      ...optimizerFields(this.#optimizer, 0),
    });
    this.#threads = Math.min(threads, MAX_THREADS);
    this.description = `fused ${hostName} kernel (${this.instructionSet}), ${threadCount(this.#threads)}`;
    host.startThreads(this.#threads);
    const count = core.variables.reduce((total, { variable }) => total + variable.size, 0);
    this.#parameters = new Float32Array(count);
    this.optimizerState = initialOptimizerState(this.#optimizer, count);
    this.readFromVariables();
  }

  /** Largest number of threads that take part. */
  get threads(): number {
    return this.#threads;
  }

  /**
   * Number of threads that the last step ran on: those that were ready, at most one per batch element; 0 before the
   * first step.
   */
  get threadsUsed(): number {
    return this.#network.threadsUsed;
  }

  /**
   * Allocates memory for the largest batch.
   *
   * @param timeSteps - the largest number of time steps, 1 or more.
   * @param batchSize - the largest number of sequences, 1 or more.
   * @throws RangeError if an argument is not a positive integer, or with the size if the host cannot allocate the
   *   memory; TypeError if it is not a number. After an error nothing has changed.
   */
  reserve(timeSteps: number, batchSize: number): void {
    checkCount("timeSteps", timeSteps);
    checkCount("batchSize", batchSize);
    this.#prepare(timeSteps, batchSize);
  }

  /**
   * Runs one iteration, from the initial state or with `carryState` from the final state of the batch before.
   *
   * @param batch - inputs and targets; its arrays are copied.
   * @returns loss and norm, and whether the update was applied: only if both are finite.
   * @throws TypeError if an array has the wrong type; RangeError if an array has the wrong length, a number is not one that the
   *   batch may have there, the number of sequences changes without `newSequences`, or the host cannot allocate the memory.
   *   After an error nothing has changed.
   */
  step(batch: BatchArrays): TrainStepResult {
    this.#start(batch);
    this.#network.run("train");
    return this.#finish(batch);
  }

  /**
   * Runs one iteration as `step` does, on a host that can do so without blocking the event loop; on any other host it blocks.
   * Until the promise is settled, the trainer refuses everything else.
   *
   * @param batch - inputs and targets; its arrays are copied before the call returns.
   * @returns as `step` does.
   * @throws as a rejection, what `step` throws.
   */
  protected async stepAsync(batch: BatchArrays): Promise<TrainStepResult> {
    this.#start(batch);
    const { timeSteps, batchSize } = batch;
    this.#isRunning = true;
    try {
      if (this.#network.runAsync) await this.#network.runAsync("train");
      else this.#network.run("train");
    } finally {
      this.#isRunning = false;
    }
    return this.#finish({ timeSteps, batchSize });
  }

  /**
   * Sets the learning rate of the following steps.
   *
   * @param learningRate - step size of the optimizer, above 0.
   * @throws RangeError if it is not above 0 and finite in float32; TypeError if it is not a number.
   */
  setLearningRate(learningRate: number): void {
    this.#optimizer = completeOptimizerOptions({ ...this.#optimizer, learningRate });
  }

  /** Returns an empty array: every step has already returned its result. */
  async flush(): Promise<readonly TrainStepResult[]> {
    return [];
  }

  /**
   * Copies the logits of the last step, before its update.
   *
   * @param timeSteps - the step's number of time steps.
   * @param batchSize - its number of sequences.
   * @returns `[time, batch, outputSize]`, a copy.
   * @throws RangeError if there was no such step.
   */
  logits(timeSteps: number, batchSize: number): Float32Array {
    this.#checkIdle();
    const { shape } = this.#network;
    const last = this.#stepped && shape ? `${shape.timeSteps} of ${shape.batchSize}` : "none";
    if (last !== `${timeSteps} of ${batchSize}`)
      throw new RangeError(`logits: expected ${last}, got ${timeSteps} of ${batchSize}`);
    return readRows(this.#network, logitRows(this.#network, "logits", timeSteps * batchSize));
  }

  /** Copies the parameters to the core's variables, and the optimizer's and the carried state to the fields of the trainer. */
  writeToVariables(): void {
    this.#checkIdle();
    if (!this.#mustUpload) {
      this.#network.read("parameters", 0, this.#parameters);
      downloadOptimizer(this.#network, this.optimizerState);
      if ("steps" in this.optimizerState) this.optimizerState.steps[0] = this.#updates;
    }
    this.carriedState = this.#carried && copyState(this.#carried.state);
    let at = 0;
    for (const { variable } of this.#core.variables) {
      const values = this.#parameters.slice(at, at + variable.size);
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape, "float32")));
      at += variable.size;
    }
  }

  /**
   * Copies the parameters from the core's variables, and the optimizer's and the carried state from the fields of the trainer.
   *
   * @throws TypeError if there is a carried state without `carryState`; RangeError if it does not fit the network. Then nothing
   *   has changed.
   */
  readFromVariables(): void {
    this.#checkIdle();
    const state = this.carriedState;
    if (state && !this.#carryState) throw new TypeError("carriedState: expected none without carryState, got a state");
    this.#carried = state && { batchSize: batchSizeOf(this.#network.sizes, state), state: copyState(state) };
    if ("steps" in this.optimizerState) this.#updates = this.optimizerState.steps[0];
    let at = 0;
    for (const { variable } of this.#core.variables) {
      this.#parameters.set(variable.dataSync<"float32">(), at);
      at += variable.size;
    }
    this.#mustUpload = true;
  }

  /** Frees the kernel's memory; disposing twice does nothing. */
  dispose(): void {
    this.#checkIdle();
    this.#network.dispose();
  }

  #checkIdle(): void {
    if (this.#isRunning) throw new Error("trainer: expected its last step to be finished, got one that is running");
  }

  #prepare(timeSteps: number, batchSize: number): void {
    this.#checkIdle();
    this.#network.prepare({ timeSteps, batchSize, maxThreads: this.#threads, history: true, training: true });
    if (!this.#mustUpload) return;
    this.#network.write("parameters", 0, this.#parameters);
    if (this.#groupSizes.length > 0) this.#network.write("groupSizes", 0, Int32Array.from(this.#groupSizes));
    uploadOptimizer(this.#network, this.optimizerState);
    this.#mustUpload = false;
  }

  /** Checks a batch and copies it, the state that it starts from, and the optimizer's numbers to the kernel's memory. */
  #start(batch: BatchArrays): void {
    const network = this.#network;
    const { inputSize, outputSize } = network.sizes;
    const [loss, carryState, carriedBatchSize] = [this.#loss, this.#carryState, this.#carried?.batchSize];
    checkBatch(batch, inputSize, outputSize, { loss, carryState, carriedBatchSize });
    this.#prepare(batch.timeSteps, batch.batchSize);
    network.set(optimizerFields(this.#optimizer, this.#updates));
    network.write("inputs", 0, batch.inputs);
    network.write("target", 0, batch.targets);
    network.write("mask", 0, batch.mask);
    putInputMask(network, inputMaskOf(batch));
    const carried = batch.newSequences ? undefined : this.#carried;
    const state = carried?.state ?? this.#initialState(batch.batchSize);
    network.set({ carriesState: state ? 1 : 0 });
    if (state) putInitialState(network, state, batch.batchSize);
  }

  /** The state of new sequences; undefined if it is zero, as the kernel's is. */
  #initialState(batchSize: number): UnrollState<Float32Array> | undefined {
    if (isZeroAtFirst(this.#core.config)) return undefined;
    if (this.#initial?.batchSize !== batchSize)
      this.#initial = { batchSize, state: readInitialState(this.#core, this.#network.sizes, batchSize) };
    return this.#initial.state;
  }

  /** Reads the results of an iteration. */
  #finish({ timeSteps, batchSize }: Pick<BatchArrays, "timeSteps" | "batchSize">): TrainStepResult {
    this.#stepped = true;
    this.#network.read("results", 0, this.#results);
    const [loss, globalNorm] = this.#results;
    const applied = Number.isFinite(loss) && Number.isFinite(globalNorm);
    if (applied) this.#updates++;
    if (applied && this.#carryState)
      this.#carried = { state: takeFinalState(this.#network, timeSteps, batchSize), batchSize };
    return { loss, globalNorm, applied };
  }
}

function threadCount(threads: number): string {
  return threads === 1 ? "1 thread" : `up to ${threads} threads`;
}
