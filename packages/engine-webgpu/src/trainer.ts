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

/** Key of an option that replaces the device's limits by smaller ones, for tests. */
export const LIMITS = Symbol("limits");

/**
 * Trains a DNC on the GPU with one submission per iteration: forward pass, loss, backward pass, clipping by global
 * norm, RMSProp.
 *
 *     const trainer = new WebGpuTrainer(core);
 *     trainer.step(task.sampleBatch(random));
 *     const [{ loss }] = await trainer.flush();
 *
 * The trainer's buffers hold the parameters: `writeToVariables` copies them to the core's variables,
 * `readFromVariables` copies them back. Steps run asynchronously; `flush` returns their results.
 */
export class WebGpuTrainer implements Trainer {
  /** Short description of backend and device. */
  readonly description = "fused WebGPU kernels";
  /** The state of RMSProp as of the last `writeToVariables`; changes made here take effect with `readFromVariables`. */
  readonly optimizerState: RmsPropState;
  readonly #core: TrainableCore;
  readonly #backend: WebGPUBackend;
  readonly #network: Network;
  readonly #update: ReturnType<typeof updateKernel>;
  readonly #results: Results;
  #dispatches = 0;
  #isDisposed = false;

  /**
   * @param core - a DNC that the engine supports; its variables are read by the constructor and by `readFromVariables`.
   * @param options - optimizer and clipping; default: the reference's.
   * @throws TypeError for an unknown option or one of the wrong kind, if the engine does not support network, optimizer or
   *   loss, if a part or method of the core is overridden or replaced, or if the current backend is not `webgpu`; RangeError for a number out of range.
   */
  constructor(core: TrainableCore, options: TrainerOptions = {}) {
    checkCore(core);
    checkObject("options", options);
    const { [LIMITS]: limits, ...rest } = options as TrainerOptions & { [LIMITS]?: Partial<DeviceLimits> };
    const { maxGradNorm, ...kind } = completeTrainerOptions(rest);
    const { optimizer } = kind;
    const supported = supportsCore({ supports }, core, kind);
    if (supported !== true || optimizer.type !== "rmsprop") throw new TypeError(String(supported));
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

  /** Number of kernels that an iteration dispatches; 0 before the first iteration. */
  get dispatches(): number {
    return this.#dispatches;
  }

  /**
   * Allocates buffers for the largest batch.
   *
   * @param timeSteps - the largest number of time steps, 1 or more.
   * @param batchSize - the largest number of sequences, 1 or more.
   * @throws RangeError if an argument is not a positive integer, or with the size if the device cannot allocate the
   *   buffers; TypeError if it is not a number. After an error nothing has changed.
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
   * @throws TypeError if an array is not a Float32Array; RangeError if an array has the wrong length, an input is not
   *   finite, a target is not in [0, 1] or a mask is neither 0 nor 1, or as for `reserve`. After an error nothing has
   *   changed.
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
   * Waits for the iterations since the last call. After a loss or norm that is not finite, no update is applied until
   * this method has returned that result.
   *
   * @returns one result per call of `step` since the last call, in order.
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

  /** Copies the parameters from the core's variables, and the mean squares from `optimizerState`. */
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
