import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { checkBatch, checkCore, checkCount, checkObject, shown } from "./checks.js";
import { type FusedCore, fusedSizes, whyNotStock } from "./core.js";
import type { DeviceLimits } from "./generate.js";
import { Network } from "./network.js";
import { checkedOptions, type FusedTrainingOptions } from "./options.js";
import { readBack } from "./read-back.js";
import { type FusedStep, Results } from "./results.js";
import { copyFrom, copyTo, emptyTensor, flush } from "./tensors.js";
import { updateKernel } from "./wgsl/update.js";

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

/** Smaller limits than the device's, for tests. */
export const LIMITS = Symbol("limits");

/**
 * Training of a DNC on the GPU, one submission an iteration: forward, cost, backward, clip by global norm, RMSProp.
 *
 * Parameters live in buffers of their own; `pull` copies them to the core's variables, `push` the other way.
 */
export class FusedTraining {
  /** The mean squares of RMSProp after `pull`, flat, in the order of the core's variables; ones at first. */
  readonly meanSquares: Float32Array;
  readonly #core: FusedCore;
  readonly #backend: WebGPUBackend;
  readonly #network: Network;
  readonly #update: ReturnType<typeof updateKernel>;
  readonly #results: Results;
  #dispatches = 0;
  #isDisposed = false;

  /**
   * @param core - a DNC whose controller the engine covers; `pull` and `push` read and write its variables.
   * @param options - the optimizer's numbers; the reference's by default.
   * @throws TypeError for an unknown option or one of the wrong kind, if TensorFlow.js's backend is not `webgpu`, or if the
   *   engine does not cover the core's controller or anything of the core is overridden or replaced; RangeError for a number out of range.
   */
  constructor(core: FusedCore, options: FusedTrainingOptions = {}) {
    checkCore(core);
    checkObject("options", options);
    const { [LIMITS]: limits, ...numbers } = options as FusedTrainingOptions & { [LIMITS]?: Partial<DeviceLimits> };
    const optimizer = checkedOptions(numbers);
    const sizes = fusedSizes(core);
    if (!sizes)
      throw new TypeError(`core: expected a controller that the engine covers, got ${shown(core.config.controller)}`);
    const own = whyNotStock(core);
    if (own !== undefined) throw new TypeError(`core: expected a stock Dnc, got ${own}`);
    if (tf.getBackend() !== "webgpu") throw new TypeError(`backend: expected webgpu, got ${tf.getBackend()}`);
    this.#core = core;
    this.#backend = tf.backend() as WebGPUBackend;
    this.#network = new Network(this.#backend.device, sizes, limits);
    const { dims, gradients } = this.#network.generated;
    this.#network.buffers.ensure({ meanSquares: dims.parameterCount });
    this.#results = new Results(this.#backend.device, this.#network.buffers);
    this.#update = updateKernel(dims, gradients.groups, optimizer);
    this.meanSquares = new Float32Array(dims.parameterCount).fill(1);
    this.push();
  }

  /** How many kernels an iteration starts; 0 before the first. */
  get dispatches(): number {
    return this.#dispatches;
  }

  /**
   * Takes the buffers for the largest batch to come.
   *
   * @param time - the most steps to come, 1 or more.
   * @param batch - the most sequences to come, 1 or more.
   * @throws RangeError if a number is no integer above 0 or the device cannot have the buffers, with the size; TypeError if
   *   it is no number. Then nothing has changed.
   */
  reserve(time: number, batch: number): void {
    checkCount("time", time);
    checkCount("batch", batch);
    this.#check();
    const targets = time * batch * (this.#network.generated.dims.O + 1);
    this.#network.prepare({ timeSteps: time, batchSize: batch, history: true, zeroState: true }, { targets });
  }

  /**
   * Enqueues an iteration; `results` says later what it has found.
   *
   * @param batch - sequences and targets; its arrays are copied.
   * @throws TypeError if an array is no Float32Array; RangeError if its length does not fit, if an observation is not finite,
   *   a target not in [0, 1] or a mask neither 0 nor 1, or as `reserve` does. Then nothing has changed.
   */
  step(batch: FusedBatch): void {
    const { dims } = this.#network.generated;
    checkBatch(batch, dims.X, dims.O);
    const { observations, target, mask } = batch;
    this.reserve(batch.time, batch.batch);
    const { device, queue } = this.#backend;
    const { buffers } = this.#network;
    const { slot, parity } = this.#results.next();
    queue.writeBuffer(buffers.get("inputs"), 0, observations as Float32Array<ArrayBuffer>);
    queue.writeBuffer(buffers.get("targets"), 0, target as Float32Array<ArrayBuffer>);
    queue.writeBuffer(buffers.get("targets"), target.byteLength, mask as Float32Array<ArrayBuffer>);
    this.#network.writeDims(slot, parity);
    const before = this.#network.dispatches;
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    this.#network.forward(pass);
    this.#network.backward(pass, "training");
    this.#network.run(pass, this.#update.kernel, this.#update.groups);
    pass.end();
    queue.submit([encoder.finish()]);
    this.#dispatches = this.#network.dispatches - before;
  }

  /**
   * What the iterations since the last call have found, in their order. Once loss or norm are not finite, no iteration is applied
   * until this has said so.
   *
   * @returns one for each call of `step` since the last call, once the device has done them.
   */
  async results(): Promise<readonly FusedStep[]> {
    this.#check();
    return this.#results.read(() => this.#isDisposed);
  }

  /** Copies the parameters to the core's variables, and the mean squares to `meanSquares`. */
  async pull(): Promise<void> {
    this.#check();
    const { device } = this.#backend;
    const { buffers } = this.#network;
    const tensors = this.#core.variables.map(({ variable }) => emptyTensor(this.#backend, variable.shape));
    flush(this.#backend, tensors);
    const encoder = device.createCommandEncoder();
    let offset = 0;
    for (const [index, { variable }] of this.#core.variables.entries()) {
      copyTo(this.#backend, encoder, tensors[index], { buffer: buffers.get("parameters"), offset });
      offset += 4 * variable.size;
    }
    device.queue.submit([encoder.finish()]);
    for (const [index, { variable }] of this.#core.variables.entries())
      tf.tidy(() => variable.assign(tf.engine().makeTensorFromTensorInfo(tensors[index])));
    this.meanSquares.set(await readBack(device, buffers.get("meanSquares"), 0, this.meanSquares.length));
  }

  /** Takes the parameters from the core's variables, and the mean squares from `meanSquares`. */
  push(): void {
    this.#check();
    const { device, queue } = this.#backend;
    const { buffers } = this.#network;
    const variables = this.#core.variables.map(({ variable }) => variable);
    flush(this.#backend, variables);
    const encoder = device.createCommandEncoder();
    let offset = 0;
    for (const variable of variables) {
      copyFrom(this.#backend, encoder, variable, { buffer: buffers.get("parameters"), offset });
      offset += 4 * variable.size;
    }
    queue.writeBuffer(buffers.get("meanSquares"), 0, this.meanSquares as Float32Array<ArrayBuffer>);
    queue.submit([encoder.finish()]);
  }

  /** Gives the buffers back; disposing twice does nothing. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#network.dispose();
  }

  #check(): void {
    if (this.#isDisposed) throw new Error("training: expected one that has its buffers, got one that was disposed");
  }
}
