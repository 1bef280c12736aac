import {
  type BatchArrays,
  checkBatch,
  checkCore,
  checkCount,
  checkObject,
  completeTrainerOptions,
  networkSizes,
  type RmsPropState,
  supportsCore,
  type TrainableCore,
  type Trainer,
  type TrainerOptions,
  type TrainStepResult,
} from "@dnc/core/engine";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import type { DeviceLimits } from "./generate.js";
import { Network } from "./network.js";
import { readBack } from "./read-back.js";
import { Results } from "./results.js";
import { supports } from "./supports.js";
import { copyFrom, copyTo, emptyTensor, flush } from "./tensors.js";
import { updateKernel } from "./wgsl/update.js";

/** Smaller limits than the device's, for tests. */
export const LIMITS = Symbol("limits");

/**
 * Trains a DNC on the GPU in one submission per iteration: forward pass, loss, backward pass, clipping by global norm, RMSProp.
 *
 * The parameters live in buffers of their own: `writeToVariables` copies them to the core's variables, `readFromVariables`
 * back. Steps run asynchronously; `flush` returns their results.
 */
export class WebGpuTrainer implements Trainer {
  /** What computes, in a few words. */
  readonly description = "fused WebGPU kernels";
  /** The state of RMSProp as `writeToVariables` left it; what is set here counts from `readFromVariables` on. */
  readonly optimizerState: RmsPropState;
  readonly #core: TrainableCore;
  readonly #backend: WebGPUBackend;
  readonly #network: Network;
  readonly #update: ReturnType<typeof updateKernel>;
  readonly #results: Results;
  #dispatches = 0;
  #isDisposed = false;

  /**
   * @param core - a DNC that the engine supports; its variables are read now and whenever `readFromVariables` is called.
   * @param options - optimizer and clipping; default: the reference's.
   * @throws TypeError for an unknown option or one of the wrong kind, if the engine does not support network, optimizer or
   *   loss, if anything of the core is overridden or replaced, or if TensorFlow.js's backend is not `webgpu`; RangeError for
   *   a number out of range.
   */
  constructor(core: TrainableCore, options: TrainerOptions = {}) {
    checkCore(core);
    checkObject("options", options);
    const { [LIMITS]: limits, ...rest } = options as TrainerOptions & { [LIMITS]?: Partial<DeviceLimits> };
    const { optimizer, loss, maxGradNorm } = completeTrainerOptions(rest);
    const supported = supportsCore({ supports }, core, { optimizer, loss });
    if (supported !== true) throw new TypeError(supported);
    if (tf.getBackend() !== "webgpu") throw new TypeError(`backend: expected webgpu, got ${tf.getBackend()}`);
    this.#core = core;
    this.#backend = tf.backend() as WebGPUBackend;
    this.#network = new Network(this.#backend.device, networkSizes(core.config), limits);
    const { dims, gradients } = this.#network.generated;
    this.#network.buffers.ensure({ meanSquares: dims.parameterCount });
    this.#results = new Results(this.#backend.device, this.#network.buffers);
    this.#update = updateKernel(dims, gradients.groups, { ...optimizer, maxGradNorm });
    this.optimizerState = { meanSquares: new Float32Array(dims.parameterCount).fill(1) };
    this.readFromVariables();
  }

  /** How many kernels an iteration starts; 0 before the first. */
  get dispatches(): number {
    return this.#dispatches;
  }

  /**
   * Allocates buffers for the largest batch to come.
   *
   * @param timeSteps - the most time steps to come, 1 or more.
   * @param batchSize - the most sequences to come, 1 or more.
   * @throws RangeError if a number is not an integer above 0 or the device cannot have the buffers, with the size; TypeError
   *   if it is not a number. Then nothing has changed.
   */
  reserve(timeSteps: number, batchSize: number): void {
    checkCount("timeSteps", timeSteps);
    checkCount("batchSize", batchSize);
    this.#check();
    const targets = timeSteps * batchSize * (this.#network.generated.dims.O + 1);
    this.#network.prepare({ timeSteps, batchSize, history: true, zeroState: true }, { targets });
  }

  /**
   * Enqueues an iteration from the zero state.
   *
   * @param batch - inputs and targets; its arrays are copied.
   * @returns undefined: `flush` will return the result.
   * @throws TypeError if an array is not a Float32Array; RangeError if its length does not fit, if an input is not finite,
   *   a target not in [0, 1] or a mask neither 0 nor 1, or as `reserve` does. Then nothing has changed.
   */
  step(batch: BatchArrays): undefined {
    const { dims } = this.#network.generated;
    checkBatch(batch, dims.X, dims.O);
    const { inputs, targets, mask } = batch;
    this.reserve(batch.timeSteps, batch.batchSize);
    const { device, queue } = this.#backend;
    const { buffers } = this.#network;
    const { slot, parity } = this.#results.next();
    queue.writeBuffer(buffers.get("inputs"), 0, inputs as Float32Array<ArrayBuffer>);
    queue.writeBuffer(buffers.get("targets"), 0, targets as Float32Array<ArrayBuffer>);
    queue.writeBuffer(buffers.get("targets"), targets.byteLength, mask as Float32Array<ArrayBuffer>);
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
   * Waits for the iterations since the last call. Once loss or norm is not finite, no iteration is applied until this has
   * returned that result.
   *
   * @returns one result for each call of `step` since the last call, in their order.
   */
  async flush(): Promise<readonly TrainStepResult[]> {
    this.#check();
    return this.#results.read(() => this.#isDisposed);
  }

  /** Copies the parameters to the core's variables, and the mean squares to `optimizerState`. */
  async writeToVariables(): Promise<void> {
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
    const { meanSquares } = this.optimizerState;
    meanSquares.set(await readBack(device, buffers.get("meanSquares"), 0, meanSquares.length));
  }

  /** Takes the parameters from the core's variables, and the mean squares from `optimizerState`. */
  readFromVariables(): void {
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
    queue.writeBuffer(buffers.get("meanSquares"), 0, this.optimizerState.meanSquares as Float32Array<ArrayBuffer>);
    queue.submit([encoder.finish()]);
  }

  /** Frees the buffers; disposing twice does nothing. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#network.dispose();
  }

  #check(): void {
    if (this.#isDisposed) throw new Error("trainer: expected one that has its buffers, got one that is disposed");
  }
}
