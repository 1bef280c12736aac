import {
  type BatchArrays,
  checkBatch,
  checkCore,
  checkCount,
  checkObject,
  completeTrainerOptions,
  formatValue,
  networkSizes,
  type RmsPropState,
  supportsCore,
  type TrainableCore,
  type Trainer,
  type TrainerOptions,
  type TrainStepResult,
} from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { INSTRUCTION_SETS, type InstructionSet } from "./kernel.js";
import { copyRows, Network, padded } from "./network.js";
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

/**
 * Trains a DNC with one kernel call per iteration: forward pass, loss, backward pass, clipping by global norm, RMSProp.
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
  /** The state of RMSProp as of the last `writeToVariables`; changes made here take effect with `readFromVariables`. */
  readonly optimizerState: RmsPropState;
  readonly #core: TrainableCore;
  readonly #network: Network;
  readonly #threads: number;
  readonly #optimizer: { learningRate: number; decay: number; epsilon: number; maxNorm: number };
  readonly #parameters: Float32Array;
  /** Whether `#parameters` and `optimizerState` hold values that must still be copied to the kernel's memory. */
  #mustUpload = false;
  #stepped = false;

  /**
   * @param core - a DNC that the engine supports; its variables are read by the constructor and by `readFromVariables`.
   * @param options - optimizer, clipping, threads and instruction set; default: the reference's.
   * @throws TypeError for an unknown option or one of the wrong kind, if the engine does not support network, optimizer or
   *   loss, if a part or method of the core is overridden or replaced, or if WebAssembly, its SIMD or memory for it is not available; RangeError for a number out of range.
   */
  constructor(core: TrainableCore, options: WasmTrainerOptions = {}) {
    checkCore(core);
    const { maxGradNorm, threads, instructionSet, ...kind } = completeOptions(options);
    const isSupported: typeof supports = (config, kind) => supports(config, kind, instructionSet);
    const supported = supportsCore({ supports: isSupported }, core, kind);
    const runtime = getRuntime(instructionSet);
    if (supported !== true || !runtime || kind.optimizer.type !== "rmsprop") throw new TypeError(String(supported));
    const { learningRate, decay, epsilon } = kind.optimizer;
    this.#optimizer = { learningRate, decay, epsilon, maxNorm: maxGradNorm };
    this.#core = core;
    this.instructionSet = runtime.kernel.instructionSet;
    this.#network = new Network(runtime, networkSizes(core.config));
    this.#network.setOptimizer(this.#optimizer);
    this.#threads = Math.min(threads, MAX_THREADS);
    this.description = `fused WebAssembly kernel (${this.instructionSet}), ${threadCount(this.#threads)}`;
    runtime.threads.start(this.#threads);
    const count = core.variables.reduce((total, { variable }) => total + variable.size, 0);
    this.#parameters = new Float32Array(count);
    this.optimizerState = { meanSquares: new Float32Array(count).fill(1) };
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
   * Runs one iteration from the zero state.
   *
   * @param batch - inputs and targets; its arrays are copied.
   * @returns loss and norm, and whether the update was applied: only if both are finite.
   * @throws TypeError if an array is not a Float32Array; RangeError if an array has the wrong length, an input is not
   *   finite, a target is not in [0, 1], a mask is neither 0 nor 1, or WebAssembly cannot allocate the memory. After an
   *   error nothing has changed.
   */
  step(batch: BatchArrays): TrainStepResult {
    const { inputSize, outputSize } = this.#network.sizes;
    checkBatch(batch, inputSize, outputSize);
    const { inputs, targets, mask } = batch;
    this.#prepare(batch.timeSteps, batch.batchSize);
    this.#network.numbers("inputs", inputs.length).set(inputs);
    this.#network.numbers("target", targets.length).set(targets);
    this.#network.numbers("mask", mask.length).set(mask);
    this.#network.run("train");
    this.#stepped = true;
    const [loss, globalNorm] = this.#network.numbers("results", 2);
    return { loss, globalNorm, applied: Number.isFinite(loss) && Number.isFinite(globalNorm) };
  }

  /**
   * Sets the learning rate of the following steps.
   *
   * @param learningRate - step size of RMSProp, above 0.
   * @throws RangeError if it is not above 0 and finite in float32; TypeError if it is not a number.
   */
  setLearningRate(learningRate: number): void {
    completeTrainerOptions({ optimizer: { type: "rmsprop", learningRate } });
    this.#network.setOptimizer({ ...this.#optimizer, learningRate });
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

  /** Copies the parameters to the core's variables, and the mean squares to `optimizerState`. */
  writeToVariables(): void {
    const { meanSquares } = this.optimizerState;
    if (!this.#mustUpload) {
      this.#parameters.set(this.#network.numbers("parameters", this.#parameters.length));
      meanSquares.set(this.#network.numbers("meanSquares", meanSquares.length));
    }
    let at = 0;
    for (const { variable } of this.#core.variables) {
      const values = this.#parameters.slice(at, at + variable.size);
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape, "float32")));
      at += variable.size;
    }
  }

  /** Copies the parameters from the core's variables, and the mean squares from `optimizerState`. */
  readFromVariables(): void {
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
    this.#network.numbers("meanSquares", this.#parameters.length).set(this.optimizerState.meanSquares);
    this.#mustUpload = false;
  }
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
