import {
  type BatchArrays,
  type CompleteOptimizerOptions,
  checkBatch,
  checkCore,
  checkCount,
  checkObject,
  completeGroupSizes,
  completeOptimizerOptions,
  completeTrainerOptions,
  formatValue,
  type LossName,
  networkSizes,
  type OptimizerState,
  supportsCore,
  type TrainableCore,
  type Trainer,
  type TrainerOptions,
  type TrainStepResult,
  type UnrollState,
} from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { batchSizeOf, copyState, putInitialState, takeFinalState } from "./carried-state.js";
import { INSTRUCTION_SETS, type InstructionSet } from "./kernel.js";
import { copyRows, Network, padded } from "./network.js";
import { downloadOptimizer, initialOptimizerState, optimizerFields, uploadOptimizer } from "./optimizer.js";
import { defaultThreads } from "./options.js";
import { getRuntime } from "./runtime.js";
import { supports } from "./supports.js";
import { MAX_THREADS } from "./threads.js";

/** Options for a {@link WasmTrainer}; the defaults are the reference's. */
export interface WasmTrainerOptions extends TrainerOptions {
  /** Largest number of threads, 1 to 32; results do not depend on it; default: one per CPU core, up to 8. */
  readonly threads?: number | undefined;
  /** Instruction set; default: the fastest that the machine supports. */
  readonly instructionSet?: InstructionSet | undefined;
}

/** As in kernel/plan.h. */
const LOSSES: { readonly [Name in LossName]: number } = { sigmoid: 0, softmax: 1, squared: 2 };

/**
 * Trains a network with one kernel call per iteration: forward pass, loss, backward pass, clipping by global norm, update.
 *
 *     const trainer = new WasmTrainer(core, { maxGradNorm: 10 });
 *     const { loss } = trainer.step(task.sampleBatch(random));
 *     trainer.writeToVariables(); // core has the trained parameters
 *
 * The kernel's memory holds the parameters: `writeToVariables` copies them to the core's variables, `readFromVariables`
 * copies them back. Each step is synchronous and returns its result.
 */
export class WasmTrainer implements Trainer {
  /** Short description of backend and device. */
  readonly description: string;
  /** Instruction set in use. */
  readonly instructionSet: InstructionSet;
  /** The optimizer's state as of the last `writeToVariables`; changes made here take effect with `readFromVariables`. */
  readonly optimizerState: OptimizerState;
  /**
   * With `carryState`: the state after the last batch as of the last `writeToVariables`. A state assigned here takes effect with
   * `readFromVariables`; undefined makes the next batch start from the zero state.
   */
  carriedState: UnrollState<Float32Array> | undefined;
  readonly #core: TrainableCore;
  readonly #network: Network;
  readonly #threads: number;
  readonly #loss: LossName;
  readonly #groupSizes: readonly number[];
  readonly #carryState: boolean;
  #optimizer: CompleteOptimizerOptions;
  /** Number of updates, for Adam. */
  #updates = 0;
  #carried: { readonly state: UnrollState<Float32Array>; readonly batchSize: number } | undefined;
  readonly #parameters: Float32Array;
  /** Whether `#parameters` and `optimizerState` hold values that must still be copied to the kernel's memory. */
  #mustUpload = false;
  #stepped = false;

  /**
   * @param core - a network that the engine supports; its variables are read by the constructor and by `readFromVariables`.
   * @param options - optimizer, clipping, loss, threads and instruction set; default: the reference's.
   * @throws TypeError for an unknown option or one of the wrong kind, if the engine does not support the network, if a part or
   *   method of the core is overridden or replaced, or if WebAssembly, its SIMD or memory for it is not available; RangeError
   *   for a number out of range, or if the sizes of groups do not add up to the number of outputs.
   */
  constructor(core: TrainableCore, options: WasmTrainerOptions = {}) {
    checkCore(core);
    const { maxGradNorm, threads, instructionSet, ...kind } = completeOptions(options);
    const isSupported: typeof supports = (config, kind) => supports(config, kind, instructionSet);
    const supported = supportsCore({ supports: isSupported }, core, kind);
    const runtime = getRuntime(instructionSet);
    if (supported !== true || !runtime) throw new TypeError(String(supported));
    const sizes = networkSizes(core.config);
    this.#loss = kind.loss;
    this.#groupSizes = kind.loss === "softmax" ? completeGroupSizes(kind.groupSizes, sizes.outputSize) : [];
    this.#carryState = kind.carryState;
    this.#optimizer = kind.optimizer;
    this.#core = core;
    this.instructionSet = runtime.kernel.instructionSet;
    this.#network = new Network(runtime, sizes);
    this.#network.set({
      maxNorm: maxGradNorm,
      loss: LOSSES[kind.loss],
      groupCount: this.#groupSizes.length,
      ...optimizerFields(this.#optimizer, 0),
    });
    this.#threads = Math.min(threads, MAX_THREADS);
    this.description = `fused WebAssembly kernel (${this.instructionSet}), ${threadCount(this.#threads)}`;
    runtime.threads.start(this.#threads);
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
   * @throws RangeError if an argument is not a positive integer, or with the size if WebAssembly cannot allocate the
   *   memory; TypeError if it is not a number. After an error nothing has changed.
   */
  reserve(timeSteps: number, batchSize: number): void {
    checkCount("timeSteps", timeSteps);
    checkCount("batchSize", batchSize);
    this.#prepare(timeSteps, batchSize);
  }

  /**
   * Runs one iteration, from the zero state or with `carryState` from the final state of the batch before.
   *
   * @param batch - inputs and targets; its arrays are copied.
   * @returns loss and norm, and whether the update was applied: only if both are finite.
   * @throws TypeError if an array has the wrong type; RangeError if an array has the wrong length, a number is not one that the
   *   batch may have there, the number of sequences changes without `newSequences`, or WebAssembly cannot allocate the memory.
   *   After an error nothing has changed.
   */
  step(batch: BatchArrays): TrainStepResult {
    const { inputSize, outputSize } = this.#network.sizes;
    const [loss, carryState, carriedBatchSize] = [this.#loss, this.#carryState, this.#carried?.batchSize];
    checkBatch(batch, inputSize, outputSize, { loss, carryState, carriedBatchSize });
    const { timeSteps, batchSize } = batch;
    this.#prepare(timeSteps, batchSize);
    this.#upload(batch);
    this.#network.run("train");
    this.#stepped = true;
    const [value, globalNorm] = this.#network.numbers("results", 2);
    const applied = Number.isFinite(value) && Number.isFinite(globalNorm);
    if (applied) this.#updates++;
    if (applied && carryState)
      this.#carried = { state: takeFinalState(this.#network, timeSteps, batchSize), batchSize };
    return { loss: value, globalNorm, applied };
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
    const { sizes, shape } = this.#network;
    const last = this.#stepped && shape ? `${shape.timeSteps} of ${shape.batchSize}` : "none";
    if (last !== `${timeSteps} of ${batchSize}`)
      throw new RangeError(`logits: expected ${last}, got ${timeSteps} of ${batchSize}`);
    const { outputSize } = sizes;
    const distance = padded(outputSize);
    const rows = this.#network.numbers("logits", timeSteps * batchSize * distance);
    const logits = new Float32Array(timeSteps * batchSize * outputSize);
    copyRows(timeSteps * batchSize, outputSize, { array: rows, distance }, { array: logits });
    return logits;
  }

  /** Copies the parameters to the core's variables, and the optimizer's and the carried state to the fields of the trainer. */
  writeToVariables(): void {
    if (!this.#mustUpload) {
      this.#parameters.set(this.#network.numbers("parameters", this.#parameters.length));
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
    this.#network.dispose();
  }

  #prepare(timeSteps: number, batchSize: number): void {
    this.#network.prepare({ timeSteps, batchSize, maxThreads: this.#threads, history: true, training: true });
    if (!this.#mustUpload) return;
    this.#network.numbers("parameters", this.#parameters.length).set(this.#parameters);
    this.#network.integers("groupSizes", this.#groupSizes.length).set(this.#groupSizes);
    uploadOptimizer(this.#network, this.optimizerState);
    this.#mustUpload = false;
  }

  /** Copies a batch, the state that it starts from, and the optimizer's numbers to the kernel's memory. */
  #upload(batch: BatchArrays): void {
    const { inputs, targets, mask, batchSize } = batch;
    this.#network.set(optimizerFields(this.#optimizer, this.#updates));
    this.#network.numbers("inputs", inputs.length).set(inputs);
    this.#network.numbers("target", targets.length).set(targets);
    this.#network.numbers("mask", mask.length).set(mask);
    this.#network.setInputMask(inputMaskOf(batch));
    const carried = batch.newSequences ? undefined : this.#carried;
    this.#network.set({ carriesState: carried ? 1 : 0 });
    if (carried) putInitialState(this.#network, carried.state, batchSize);
  }
}

/** Returns the mask of the steps that are run, `[time, batch]`; undefined if all are. */
function inputMaskOf({ timeSteps, batchSize, lengths, inputMask }: BatchArrays): Float32Array | undefined {
  if (!lengths) return inputMask;
  return Float32Array.from({ length: timeSteps * batchSize }, (_, row) =>
    Math.floor(row / batchSize) < lengths[row % batchSize] ? 1 : 0,
  );
}

function threadCount(threads: number): string {
  return threads === 1 ? "1 thread" : `up to ${threads} threads`;
}

/** Fills in the defaults. */
function completeOptions(options: WasmTrainerOptions) {
  checkObject("options", options);
  const { threads = defaultThreads(), instructionSet, ...rest } = options;
  const complete = completeTrainerOptions(rest);
  checkCount("threads", threads);
  if (instructionSet !== undefined && !INSTRUCTION_SETS.includes(instructionSet))
    throw new TypeError(
      `instructionSet: expected one of ${INSTRUCTION_SETS.join(", ")}, got ${formatValue(instructionSet)}`,
    );
  return { ...complete, threads, instructionSet };
}
