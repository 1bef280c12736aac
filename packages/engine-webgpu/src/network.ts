import type { NetworkSizes } from "@dnc/core/engine";
import { Buffers } from "./buffers.js";
import { type DeviceLimits, type Generated, generate } from "./generate.js";
import { compile } from "./gpu.js";
import { before, carrySections, deltaSections, outputSections, stateSections, widthOf } from "./layout.js";
import type { Kernel } from "./wgsl/shader.js";

/** How a network is to be run on one batch. */
export interface RunShape {
  readonly time: number;
  readonly batch: number;
  /** Whether every step is kept for the backward pass. */
  readonly history: boolean;
  /** Whether states and gradients to the final state begin as zeros. */
  readonly fresh: boolean;
}

/** Numbers of a run for the kernels; see `DIMS`. */
const DIMS_SIZE = 32;

/** A network's buffers on a device, and the commands that run it. */
export class Network {
  readonly generated: Generated;
  readonly buffers: Buffers;
  readonly #device: GPUDevice;
  readonly #dims: GPUBuffer;
  readonly #groups = new Map<Kernel, { generation: number; group: GPUBindGroup }>();
  #shape: RunShape = { time: 0, batch: 0, history: false, fresh: false };
  #dispatches = 0;

  /** @param limits - smaller ones than the device's, for tests. */
  constructor(device: GPUDevice, sizes: NetworkSizes, limits: Partial<DeviceLimits> = {}) {
    this.#device = device;
    const { maxComputeWorkgroupStorageSize, maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX } =
      device.limits;
    this.generated = generate(sizes, {
      workgroupBytes: maxComputeWorkgroupStorageSize,
      threads: Math.min(maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX),
      ...limits,
    });
    const { dims, products, index } = this.generated;
    this.buffers = new Buffers(device);
    this.buffers.ensure({ parameters: dims.parameterCount, index: index.length, weights: products.size });
    this.#dims = device.createBuffer({ size: DIMS_SIZE, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
    device.queue.writeBuffer(this.buffers.get("index"), 0, index as Uint32Array<ArrayBuffer>);
  }

  get shape(): RunShape {
    return this.#shape;
  }

  /** How many kernels were started so far. */
  get dispatches(): number {
    return this.#dispatches;
  }

  /**
   * Makes the buffers large enough for a batch.
   *
   * @param more - further buffers that depend on it, in numbers.
   * @throws RangeError if the device cannot have them; then nothing has changed.
   */
  prepare(shape: RunShape, more: Readonly<Record<string, number>> = {}): void {
    const { time, batch, history } = shape;
    const { dims, scratch, gradients } = this.generated;
    const { X, O, N, W, K } = dims;
    const most = this.#device.limits.maxComputeWorkgroupsPerDimension;
    for (const [name, value] of Object.entries({ time, batch }))
      if (value > most) throw new RangeError(`${name}: expected at most ${most}, which the device has, got ${value}`);
    const rows = time * batch;
    const parts = batch * (history ? time + 1 : 2);
    const sizes = {
      inputs: rows * X,
      records: this.generated.records.size(time, batch, history ? time : 1),
      memories: parts * N * W,
      links: parts * K * N * N,
      outs: O > 0 ? rows * widthOf(outputSections(dims)) : 0,
      scratch: batch * Math.max(scratch.forward, history ? scratch.backward : 0),
    };
    const backward = {
      deltas: rows * widthOf(deltaSections(dims)),
      carry: batch * widthOf(carrySections(dims)),
      gradients: dims.parameterCount,
      squares: gradients.groups,
    };
    this.buffers.ensure({ ...sizes, ...(history ? backward : {}), ...more });
    this.#shape = shape;
  }

  /** Tells the kernels that are submitted next what they run on. `slot` and `parity` are the optimizer's. */
  writeDims(slot = 0, parity = 0): void {
    const { time, batch, history, fresh } = this.#shape;
    const numbers = Uint32Array.of(time, batch, history ? 1 : 0, fresh ? 1 : 0, slot, 0, parity, 0);
    this.#device.queue.writeBuffer(this.#dims, 0, numbers);
  }

  /** The sweep forward. */
  forward(pass: GPUComputePassEncoder): void {
    const { pack, forward } = this.generated;
    this.run(pass, pack.kernel, pack.groups);
    this.run(pass, forward, this.#shape.batch);
  }

  logits(pass: GPUComputePassEncoder): void {
    this.#rows(pass, this.generated.logits);
  }

  /** From the gradients to logits and final state to all others. */
  backward(pass: GPUComputePassEncoder, output: "training" | "given"): void {
    const { outputTraining, outputBackward, backward, gradients } = this.generated;
    this.#rows(pass, output === "training" ? outputTraining : outputBackward);
    this.run(pass, backward, this.#shape.batch);
    this.run(pass, gradients.kernel, gradients.groups);
  }

  #rows(pass: GPUComputePassEncoder, kernel: Kernel): void {
    if (this.generated.dims.O > 0) this.run(pass, kernel, this.#shape.batch, this.#shape.time);
  }

  /** Starts a kernel on this network's buffers. */
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
    const most = this.#device.limits.maxComputeWorkgroupsPerDimension;
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bound.group);
    if (x > most) throw new RangeError(`workgroups: expected at most ${most}, which the device has, got ${x}`);
    pass.dispatchWorkgroups(x, y);
    this.#dispatches++;
  }

  /** Where a section of the initial or the final state lies: a buffer, and bytes from its start. */
  statePlace(
    name: keyof ReturnType<typeof carrySections>,
    which: "initial" | "final",
  ): { buffer: GPUBuffer; offset: number } {
    const { dims } = this.generated;
    const { time, batch, history } = this.#shape;
    if (name === "memory" || name === "link") {
      const part = which === "initial" ? 0 : history ? time : time % 2;
      const width = carrySections(dims)[name];
      return { buffer: this.buffers.get(name === "memory" ? "memories" : "links"), offset: 4 * part * batch * width };
    }
    const states = stateSections(dims);
    const part = which === "initial" ? 0 : time;
    const offset = 4 * batch * ((time + 1) * before(states, name) + part * states[name]);
    return { buffer: this.buffers.get("records"), offset };
  }

  /** Where a section of the carried gradients lies. */
  gradientPlace(name: keyof ReturnType<typeof carrySections>): { buffer: GPUBuffer; offset: number } {
    const sections = carrySections(this.generated.dims);
    return { buffer: this.buffers.get("carry"), offset: 4 * this.#shape.batch * before(sections, name) };
  }

  /** Where a section of what belongs to the output layer lies. */
  outputPlace(name: keyof ReturnType<typeof outputSections>): { buffer: GPUBuffer; offset: number } {
    const { time, batch } = this.#shape;
    const sections = outputSections(this.generated.dims);
    return { buffer: this.buffers.get("outs"), offset: 4 * time * batch * before(sections, name) };
  }

  dispose(): void {
    this.buffers.dispose();
    this.#dims.destroy();
  }
}
