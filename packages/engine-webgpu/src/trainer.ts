import {
  type BatchArrays,
  type BatchRules,
  checkBatch,
  checkCore,
  checkCount,
  checkObject,
  completeGroupSizes,
  completeTrainerOptions,
  networkSizes,
  type OptimizerState,
  supportsCore,
  type TrainableCore,
  type Trainer,
  type TrainerOptions,
  type TrainStepResult,
  type UnrollState,
} from "@dnc/core/engine";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { CarriedState } from "./carried-state.js";
import type { DeviceLimits } from "./generate.js";
import { Network } from "./network.js";
import { DeviceOptimizer } from "./optimizer.js";
import { Results } from "./results.js";
import { supports } from "./supports.js";
import { copyFrom, copyTo, emptyTensor, flush } from "./tensors.js";
import { updateKernel } from "./wgsl/update.js";

/** Key of an option that replaces the device's limits by smaller ones, for tests. */
export const LIMITS = Symbol("limits");

/**
 * Trains a network on the GPU with one submission per iteration: forward pass, loss, backward pass, clipping by global
 * norm, update of the parameters.
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
  readonly #core: TrainableCore;
  readonly #backend: WebGPUBackend;
  readonly #network: Network;
  readonly #update: ReturnType<typeof updateKernel>;
  readonly #results: Results;
  readonly #optimizer: DeviceOptimizer;
  readonly #rules: BatchRules;
  readonly #carried: CarriedState | undefined;
  /**
   * With `carryState`: the state after the last batch as of the last `writeToVariables`; a state assigned here takes effect
   * with `readFromVariables`, and undefined makes the next batch start from the zero state.
   */
  carriedState: UnrollState<Float32Array> | undefined;
  #dispatches = 0;
  #isDisposed = false;

  /**
   * @param core - a DNC that the engine supports; its variables are read by the constructor and by `readFromVariables`.
   * @param options - optimizer, clipping and loss; default: the reference's.
   * @throws TypeError for an unknown option or one of the wrong kind, if the engine does not support network or options, if a part or method of the core is overridden or replaced, or if the current backend is not `webgpu`; RangeError for a number out of range.
   */
  constructor(core: TrainableCore, options: TrainerOptions = {}) {
    checkCore(core);
    checkObject("options", options);
    const { [LIMITS]: limits, ...rest } = options as TrainerOptions & { [LIMITS]?: Partial<DeviceLimits> };
    const { maxGradNorm, ...kind } = completeTrainerOptions(rest);
    const { optimizer, loss, carryState } = kind;
    const groupSizes = completeGroupSizes(kind.groupSizes, core.config.outputSize);
    const supported = supportsCore({ supports }, core, kind);
    if (supported !== true) throw new TypeError(supported);
    if (tf.getBackend() !== "webgpu") throw new TypeError(`backend: expected webgpu, got ${tf.getBackend()}`);
    this.#core = core;
    this.#backend = tf.backend() as WebGPUBackend;
    const { device } = this.#backend;
    this.#network = new Network(device, networkSizes(core.config), limits, { loss, groupSizes });
    const { dims, gradients } = this.#network.generated;
    this.#results = new Results(device, this.#network.buffers);
    this.#optimizer = new DeviceOptimizer(device, this.#network.buffers, optimizer, dims.parameterCount);
    this.#update = updateKernel(dims, gradients.groups, { optimizer, maxGradNorm });
    this.#rules = { loss, carryState };
    this.#carried = carryState ? new CarriedState(device, this.#network) : undefined;
    this.readFromVariables();
  }

  /** The optimizer's state as of the last `writeToVariables`; changes made here take effect with `readFromVariables`. */
  get optimizerState(): OptimizerState {
    return this.#optimizer.state;
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
    this.#network.prepare({ timeSteps, batchSize, history: true, zeroState: !this.#carried }, { targets });
  }

  /**
   * Enqueues an iteration from the zero state or, with `carryState`, from the final state of the batch before.
   *
   * @param batch - inputs and targets; its arrays are copied.
   * @returns undefined: `flush` will return the result.
   * @throws The errors of `checkBatch`, or as for `reserve`. After an error nothing has changed.
   */
  step(batch: BatchArrays): undefined {
    const { dims } = this.#network.generated;
    const carried = this.#carried;
    checkBatch(batch, dims.X, dims.O, { ...this.#rules, carriedBatchSize: carried?.batchSize });
    const { inputs, targets, mask, newSequences } = batch;
    const inputMask = inputMaskOf(batch);
    this.#network.selectInputMask(inputMask !== undefined);
    this.reserve(batch.timeSteps, batch.batchSize);
    const { device, queue } = this.#backend;
    const { buffers } = this.#network;
    const { slot, parity, step } = this.#results.next();
    queue.writeBuffer(buffers.get("inputs"), 0, inputs as Float32Array<ArrayBuffer>);
    if (inputMask) queue.writeBuffer(buffers.get("inputs"), inputs.byteLength, inputMask);
    queue.writeBuffer(buffers.get("targets"), 0, targets as Float32Array<ArrayBuffer>);
    queue.writeBuffer(buffers.get("targets"), targets.byteLength, mask as Float32Array<ArrayBuffer>);
    this.#optimizer.writeSettings(step);
    this.#network.writeDims(slot, parity);
    const before = this.#network.dispatches;
    const encoder = device.createCommandEncoder();
    if (newSequences) carried?.reset();
    carried?.restore(encoder);
    const pass = encoder.beginComputePass();
    this.#network.forward(pass);
    this.#network.backward(pass, "training");
    this.#network.run(pass, this.#update.kernel, this.#update.groups);
    pass.end();
    carried?.save(encoder);
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

  /**
   * Sets the learning rate of the following steps, for a schedule.
   *
   * @param learningRate - above 0.
   * @throws TypeError if it is not a number; RangeError if it is not above 0 and finite, as it is and in float32.
   */
  setLearningRate(learningRate: number): void {
    this.#check();
    this.#optimizer.learningRate = learningRate;
  }

  /** Copies the parameters to the core's variables, and the optimizer's state to `optimizerState` and the carried state to `carriedState`. */
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
    // Both are submitted before the first wait, so that steps enqueued meanwhile are in neither.
    const [carried] = await Promise.all([this.#carried?.read(), this.#optimizer.read()]);
    this.carriedState = carried;
  }

  /** Copies the parameters from the core's variables, the optimizer's state from `optimizerState`, and the carried state from `carriedState`. */
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
    this.#readCarriedState();
    this.#optimizer.write();
    this.#results.updates.reset(this.#optimizer.steps);
    queue.submit([encoder.finish()]);
  }

  /** Frees the buffers; disposing twice does nothing. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#network.dispose();
  }

  #readCarriedState(): void {
    const state = this.carriedState;
    if (state !== undefined && !this.#carried)
      throw new TypeError("carriedState: expected undefined without carryState, got a state");
    if (state === undefined) this.#carried?.reset();
    else this.#carried?.write(state);
  }

  #check(): void {
    if (this.#isDisposed) throw new Error("trainer: expected one that has its buffers, got one that is disposed");
  }
}

/** Returns which steps of a batch are run, `[time, batch]`; undefined if all of them are. */
function inputMaskOf({ timeSteps, batchSize, lengths, inputMask }: BatchArrays): Float32Array<ArrayBuffer> | undefined {
  if (lengths === undefined) return inputMask as Float32Array<ArrayBuffer> | undefined;
  return Float32Array.from({ length: timeSteps * batchSize }, (_, row) =>
    Math.floor(row / batchSize) < lengths[row % batchSize] ? 1 : 0,
  );
}
