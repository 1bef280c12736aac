import type { NetworkSizes } from "@dnc/core/engine";
import { Buffers } from "./buffers.js";
import { type DeviceLimits, type Generated, generate } from "./generate.js";
import { compile } from "./gpu.js";
import { carrySections, deltaSections, offsetOf, outputSections, stateSections, widthOf } from "./layout.js";
import type { LossOptions } from "./wgsl/losses.js";
import type { Kernel } from "./wgsl/shader.js";

/** Shape of the batch that a network runs on, and what is saved and cleared. */
export interface RunShape {
  readonly timeSteps: number;
  readonly batchSize: number;
  /** Whether every step is saved for the backward pass. */
  readonly history: boolean;
  /** Whether the initial state and the gradients of the final state are zero, whatever the buffers hold. */
  readonly zeroState: boolean;
}

/** Size of the uniform in bytes; see `DIMS` in wgsl/functions.ts. */
const DIMS_SIZE = 32;

/** A network's buffers on a device, and the commands that run it. */
export class Network {
  readonly #generate: (inputMask: boolean) => Generated;
  readonly #generated = new Map<boolean, Generated>();
  #hasInputMask: boolean;
  readonly buffers: Buffers;
  readonly #device: GPUDevice;
  readonly #dims: GPUBuffer;
  readonly #groups = new Map<Kernel, { generation: number; group: GPUBindGroup }>();
  #shape: RunShape = { timeSteps: 0, batchSize: 0, history: false, zeroState: false };
  #dispatches = 0;

  /**
   * @param limits - replace the device's limits, for tests; default: none.
   * @param loss - the loss that the network is trained with; default: the sigmoid cross-entropy.
   */
  constructor(device: GPUDevice, sizes: NetworkSizes, limits: Partial<DeviceLimits> = {}, loss?: LossOptions) {
    this.#device = device;
    const { maxComputeWorkgroupStorageSize, maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX } =
      device.limits;
    const deviceLimits = {
      workgroupBytes: maxComputeWorkgroupStorageSize,
      threads: Math.min(maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX),
    };
    this.#generate = (inputMask) => generate({ ...sizes, inputMask }, { ...deviceLimits, ...limits }, loss);
    this.#hasInputMask = sizes.inputMask;
    const { dims, products, index } = this.generated;
    this.buffers = new Buffers(device);
    this.buffers.ensure({ parameters: dims.parameterCount, index: index.length, weights: products.size });
    this.#dims = device.createBuffer({ size: DIMS_SIZE, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
    device.queue.writeBuffer(this.buffers.get("index"), 0, index as Uint32Array<ArrayBuffer>);
  }

  /** The kernels for batches with or without an input mask, as last selected; parameters and buffers are the same. */
  get generated(): Generated {
    const generated = this.#generated.get(this.#hasInputMask) ?? this.#generate(this.#hasInputMask);
    this.#generated.set(this.#hasInputMask, generated);
    return generated;
  }

  /** Selects the kernels for batches with or without an input mask. Call it before `prepare`. */
  selectInputMask(hasInputMask: boolean): void {
    this.#hasInputMask = hasInputMask;
  }

  /** The shape of the last `prepare`. */
  get shape(): RunShape {
    return this.#shape;
  }

  /** Number of kernels dispatched so far. */
  get dispatches(): number {
    return this.#dispatches;
  }

  /**
   * Prepares for batches of a shape: makes all buffers large enough.
   *
   * @param more - sizes of further buffers, in elements.
   * @throws RangeError if a size exceeds the device's limits; then nothing has changed.
   */
  prepare(shape: RunShape, more: Readonly<Record<string, number>> = {}): void {
    const { timeSteps, batchSize, history } = shape;
    const { dims, scratch, gradients } = this.generated;
    const { X, O, N, W, K } = dims;
    const max = this.#device.limits.maxComputeWorkgroupsPerDimension;
    for (const [name, value] of Object.entries({ time: timeSteps, batch: batchSize }))
      if (value > max) throw new RangeError(`${name}: expected at most ${max}, which the device has, got ${value}`);
    const rows = timeSteps * batchSize;
    const parts = batchSize * (history ? timeSteps + 1 : 2);
    const sizes = {
      inputs: rows * (X + (dims.inputMask ? 1 : 0)),
      records: this.generated.records.size(timeSteps, batchSize, history ? timeSteps : 1),
      memories: parts * N * W,
      links: dims.links ? parts * K * N * N : 0,
      outputs: O > 0 ? rows * widthOf(outputSections(dims)) : 0,
      scratch: batchSize * Math.max(scratch.forward, history ? scratch.backward : 0),
    };
    const backward = {
      deltas: rows * widthOf(deltaSections(dims)),
      carry: batchSize * widthOf(carrySections(dims)),
      gradients: dims.parameterCount,
      squares: gradients.groups,
    };
    this.buffers.ensure({ ...sizes, ...(history ? backward : {}), ...more });
    this.#shape = shape;
  }

  /**
   * Writes the uniform of the kernels that are submitted next.
   *
   * @param slot - where `update` writes its result; default: 0.
   * @param parity - which flag `update` reads; default: 0.
   */
  writeDims(slot = 0, parity = 0): void {
    const { timeSteps, batchSize, history, zeroState } = this.#shape;
    const numbers = Uint32Array.of(timeSteps, batchSize, history ? 1 : 0, zeroState ? 1 : 0, slot, 0, parity, 0);
    this.#device.queue.writeBuffer(this.#dims, 0, numbers);
  }

  /** Runs the forward pass over all steps, without the output layer. */
  forward(pass: GPUComputePassEncoder): void {
    const { pack, forward } = this.generated;
    this.run(pass, pack.kernel, pack.groups);
    this.run(pass, forward, this.#shape.batchSize);
  }

  /** Runs the output layer. */
  logits(pass: GPUComputePassEncoder): void {
    this.#rows(pass, this.generated.logits);
  }

  /**
   * Runs the backward pass and computes all gradients.
   *
   * @param output - `training`: of the loss; `given`: from gradients of logits and final state in the buffers.
   */
  backward(pass: GPUComputePassEncoder, output: "training" | "given"): void {
    const { outputTraining, outputBackward, backward, gradients } = this.generated;
    this.#rows(pass, output === "training" ? outputTraining : outputBackward);
    this.run(pass, backward, this.#shape.batchSize);
    this.run(pass, gradients.kernel, gradients.groups);
  }

  #rows(pass: GPUComputePassEncoder, kernel: Kernel): void {
    if (this.generated.dims.O > 0) this.run(pass, kernel, this.#shape.batchSize, this.#shape.timeSteps);
  }

  /** Dispatches a kernel on this network's buffers, with x times y workgroups. */
  run(pass: GPUComputePassEncoder, kernel: Kernel, x: number, y = 1): void {
    const { pipeline, layout } = compile(this.#device, kernel);
    const { generation } = this.buffers;
    let bound = this.#groups.get(kernel);
    if (!bound || bound.generation !== generation) {
      const buffers = [this.#dims, ...kernel.bindings.map(({ name }) => this.buffers.get(name))];
      const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
      bound = { generation, group: this.#device.createBindGroup({ layout, entries }) };
      this.#groups.set(kernel, bound);
    }
    const max = this.#device.limits.maxComputeWorkgroupsPerDimension;
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bound.group);
    if (x > max) throw new RangeError(`workgroups: expected at most ${max}, which the device has, got ${x}`);
    pass.dispatchWorkgroups(x, y);
    this.#dispatches++;
  }

  /** Returns the place of a section of the initial or the final state. */
  statePlace(
    name: keyof ReturnType<typeof carrySections>,
    which: "initial" | "final",
  ): { buffer: GPUBuffer; offset: number } {
    const { dims } = this.generated;
    const { timeSteps, batchSize, history } = this.#shape;
    if (name === "memory" || name === "link") {
      const part = which === "initial" ? 0 : history ? timeSteps : timeSteps % 2;
      const width = carrySections(dims)[name];
      return {
        buffer: this.buffers.get(name === "memory" ? "memories" : "links"),
        offset: 4 * part * batchSize * width,
      };
    }
    const states = stateSections(dims);
    const part = which === "initial" ? 0 : timeSteps;
    const offset = 4 * batchSize * ((timeSteps + 1) * offsetOf(states, name) + part * states[name]);
    return { buffer: this.buffers.get("records"), offset };
  }

  /** Returns the place of a section of the gradients of a state: of the final one before a pass, of the initial one after. */
  gradientPlace(name: keyof ReturnType<typeof carrySections>): { buffer: GPUBuffer; offset: number } {
    const sections = carrySections(this.generated.dims);
    return { buffer: this.buffers.get("carry"), offset: 4 * this.#shape.batchSize * offsetOf(sections, name) };
  }

  /** Returns the place of a section of the output layer. */
  outputPlace(name: keyof ReturnType<typeof outputSections>): { buffer: GPUBuffer; offset: number } {
    const { timeSteps, batchSize } = this.#shape;
    const sections = outputSections(this.generated.dims);
    return { buffer: this.buffers.get("outputs"), offset: 4 * timeSteps * batchSize * offsetOf(sections, name) };
  }

  /** Destroys the buffers. */
  dispose(): void {
    this.buffers.dispose();
    this.#dims.destroy();
  }
}
