import * as tf from "@tensorflow/tfjs-core";
import { checkBatch, checkCore, checkCount, checkDecay, checkObject, checkPositive, shown } from "./checks.js";
import { type FusedCore, fusedSizes, whyNotStock } from "./core.js";
import { getEngine, whyNoEngine } from "./engine.js";
import { INSTRUCTION_SETS, type InstructionSet } from "./kernel.js";
import { Network, padded } from "./network.js";
import { defaultThreads } from "./options.js";
import { MAX_THREADS } from "./threads.js";

/** How to train; the defaults are the reference's. */
export interface FusedTrainingOptions {
  /** Step size of RMSProp, above 0; 1e-4. */
  learningRate?: number | undefined;
  /** What remains of RMSProp's mean square at each step, in [0, 1); 0.9. */
  decay?: number | undefined;
  /** Added inside RMSProp's root, above 0; 1e-10. */
  epsilon?: number | undefined;
  /** Gradients are scaled down to this global norm, above 0; 50. */
  maxGradNorm?: number | undefined;
  /** At most so many threads; as many as the machine runs at once, up to 8. The numbers do not depend on it. */
  threads?: number | undefined;
  /** Which instructions compute; the best that the machine has. */
  instructionSet?: InstructionSet | undefined;
}

/** Time-major sequences with targets, as plain numbers. */
export interface FusedBatch {
  /** Number of steps, 1 or more. */
  readonly time: number;
  /** Number of sequences, 1 or more. */
  readonly batch: number;
  /** `[time, batch, inputSize]`, finite. */
  readonly observations: Float32Array;
  /** `[time, batch, outputSize]`, each in [0, 1]. */
  readonly target: Float32Array;
  /** `[time, batch]`, 1 where the step counts and 0 elsewhere. */
  readonly mask: Float32Array;
}

/** What an iteration found. */
export interface FusedStep {
  /** Masked sigmoid cross-entropy before the update: summed over bits and time, mean over the batch, in nats. */
  readonly loss: number;
  /** Length of all gradients together, before they were clipped. */
  readonly globalNorm: number;
  /** false if loss or norm is not finite: then nothing has moved. */
  readonly applied: boolean;
}

/**
 * Training of a DNC in one call an iteration: forward, cost, backward, clip by global norm, RMSProp.
 *
 * The parameters live in the kernel's memory; `pull` copies them to the core's variables, `push` the other way.
 */
export class FusedTraining {
  /** Which instructions compute. */
  readonly instructionSet: InstructionSet;
  /** The mean squares of RMSProp after `pull`, flat, in the order of the core's variables; ones at first. */
  readonly meanSquares: Float32Array;
  readonly #core: FusedCore;
  readonly #network: Network;
  readonly #threads: number;
  readonly #parameters: Float32Array;
  /** Whether `#parameters` and `meanSquares` hold what the kernel's memory has yet to get. */
  #fresh = false;
  #stepped = false;

  /**
   * @param core - a DNC whose controller the engine covers; `pull` and `push` read and write its variables.
   * @param options - the optimizer's numbers, threads and instruction set; the reference's by default.
   * @throws TypeError for an unknown option or one of the wrong kind, if the engine does not cover the core's controller, if
   *   anything of the core is overridden or replaced, or if the machine has no WebAssembly with SIMD and memory for it;
   *   RangeError for a number out of range.
   */
  constructor(core: FusedCore, options: FusedTrainingOptions = {}) {
    checkCore(core);
    const { learningRate, decay, epsilon, maxGradNorm, threads, instructionSet } = checked(options);
    const sizes = fusedSizes(core);
    if (!sizes)
      throw new TypeError(`core: expected a controller that the engine covers, got ${shown(core.config.controller)}`);
    const own = whyNotStock(core);
    if (own !== undefined) throw new TypeError(`core: expected a stock Dnc, got ${own}`);
    const engine = getEngine(instructionSet);
    if (!engine) throw new TypeError(whyNoEngine(instructionSet));
    this.#core = core;
    this.instructionSet = engine.kernel.instructionSet;
    this.#network = new Network(engine, sizes);
    this.#network.setOptimizer({ learningRate, decay, epsilon, maxNorm: maxGradNorm });
    this.#threads = Math.min(threads, MAX_THREADS);
    engine.threads.start(this.#threads);
    const count = core.variables.reduce((total, { variable }) => total + variable.size, 0);
    this.#parameters = new Float32Array(count);
    this.meanSquares = new Float32Array(count).fill(1);
    this.push();
  }

  /** How many threads take part at most. */
  get threads(): number {
    return this.#threads;
  }

  /** How many threads the last step ran on: those that were ready, at most one a batch element; 0 before the first. */
  get threadsUsed(): number {
    return this.#network.threadsUsed;
  }

  /**
   * Takes the memory for batches of up to this size beforehand.
   *
   * @param time - the most steps to come, 1 or more.
   * @param batch - the most sequences to come, 1 or more.
   * @throws RangeError if a number is no integer above 0 or WebAssembly cannot have the memory, with the size that is
   *   needed; TypeError if it is no number.
   */
  reserve(time: number, batch: number): void {
    checkCount("time", time);
    checkCount("batch", batch);
    this.#prepare(time, batch);
  }

  /**
   * One iteration from the zero state.
   *
   * @param batch - sequences and targets; its arrays are copied.
   * @returns what it found.
   * @throws TypeError if an array is no Float32Array; RangeError if its length does not fit, if an observation is not finite,
   *   a target not in [0, 1] or a mask neither 0 nor 1, or if WebAssembly cannot have the memory that is needed. Then nothing
   *   has changed.
   */
  step(batch: FusedBatch): FusedStep {
    const { inputSize, outputSize } = this.#network.sizes;
    checkBatch(batch, inputSize, outputSize);
    const { observations, target, mask } = batch;
    this.#prepare(batch.time, batch.batch);
    this.#network.numbers("inputs", observations.length).set(observations);
    this.#network.numbers("target", target.length).set(target);
    this.#network.numbers("mask", mask.length).set(mask);
    this.#network.run("train");
    this.#stepped = true;
    const [loss, globalNorm] = this.#network.numbers("results", 2);
    return { loss, globalNorm, applied: Number.isFinite(loss) && Number.isFinite(globalNorm) };
  }

  /**
   * The logits of the last step, before its update.
   *
   * @param time - its number of steps.
   * @param batch - its number of sequences.
   * @returns `[time, batch, outputSize]`, a copy.
   * @throws RangeError if there was no such step.
   */
  logits(time: number, batch: number): Float32Array {
    const { sizes, shape } = this.#network;
    const last = this.#stepped && shape ? `${shape.timeSteps} of ${shape.batchSize}` : "none";
    if (last !== `${time} of ${batch}`) throw new RangeError(`logits: expected ${last}, got ${time} of ${batch}`);
    const { outputSize } = sizes;
    const distance = padded(outputSize);
    const rows = this.#network.numbers("logits", time * batch * distance);
    const logits = new Float32Array(time * batch * outputSize);
    for (let row = 0; row < time * batch; row++)
      for (let bit = 0; bit < outputSize; bit++) logits[row * outputSize + bit] = rows[row * distance + bit];
    return logits;
  }

  /** Copies the parameters to the core's variables, and the mean squares to `meanSquares`. */
  pull(): void {
    if (!this.#fresh) {
      this.#parameters.set(this.#network.numbers("parameters", this.#parameters.length));
      this.meanSquares.set(this.#network.numbers("meanSquares", this.#parameters.length));
    }
    let at = 0;
    for (const { variable } of this.#core.variables) {
      const values = this.#parameters.slice(at, at + variable.size);
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape, "float32")));
      at += variable.size;
    }
  }

  /** Takes the parameters from the core's variables, and the mean squares from `meanSquares`. */
  push(): void {
    let at = 0;
    for (const { variable } of this.#core.variables) {
      this.#parameters.set(variable.dataSync<"float32">(), at);
      at += variable.size;
    }
    this.#fresh = true;
  }

  /** Gives the kernel's memory back; disposing twice does nothing. */
  dispose(): void {
    this.#network.dispose();
  }

  #prepare(time: number, batch: number): void {
    this.#network.prepare({
      timeSteps: time,
      batchSize: batch,
      maxThreads: this.#threads,
      history: true,
      training: true,
    });
    if (!this.#fresh) return;
    this.#network.numbers("parameters", this.#parameters.length).set(this.#parameters);
    this.#network.numbers("meanSquares", this.#parameters.length).set(this.meanSquares);
    this.#fresh = false;
  }
}

/** Options with their defaults. */
function checked(options: FusedTrainingOptions) {
  const defaults = { learningRate: 1e-4, decay: 0.9, epsilon: 1e-10, maxGradNorm: 50, threads: defaultThreads() };
  checkObject("options", options);
  const { instructionSet, ...numbers } = options;
  for (const name of Object.keys(numbers))
    if (!Object.hasOwn(defaults, name)) throw new TypeError(`options: unknown key "${name}"`);
  const given = Object.entries(numbers).filter(([, value]) => value !== undefined);
  const complete = { ...defaults, ...(Object.fromEntries(given) as Partial<typeof defaults>) };
  const { decay, threads, ...positive } = complete;
  for (const [name, value] of Object.entries(positive)) checkPositive(name, value);
  checkDecay(decay);
  checkCount("threads", threads);
  if (instructionSet !== undefined && !INSTRUCTION_SETS.includes(instructionSet))
    throw new TypeError(`instructionSet: expected one of ${INSTRUCTION_SETS.join(", ")}, got ${shown(instructionSet)}`);
  return { ...complete, instructionSet };
}
