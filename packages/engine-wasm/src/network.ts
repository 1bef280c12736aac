import type { NetworkSizes } from "@dnc/core/engine";
import {
  type ArrayField,
  COMMANDS,
  type Command,
  isSameShape,
  type KernelNetwork,
  type NumberField,
  type RunShape,
  sizeFields,
} from "@dnc/kernel";
import type { Region } from "./heap.js";
import { PLAN_BYTES, Plan } from "./plan.js";
import type { Runtime } from "./runtime.js";
import { canBlock } from "./threads.js";

/** A network in the kernel's memory: its plan, and the arrays that the plan points to. */
export class Network implements KernelNetwork {
  readonly sizes: NetworkSizes;
  readonly #runtime: Runtime;
  readonly #region: Region;
  readonly #plan: Plan;
  #data: Region = { start: 0, size: 0 };
  #shape: RunShape | undefined;
  #threadsUsed = 0;
  #isDisposed = false;

  constructor(runtime: Runtime, sizes: NetworkSizes) {
    this.#runtime = runtime;
    this.sizes = sizes;
    this.#region = runtime.heap.allocate(PLAN_BYTES);
    this.#plan = new Plan(runtime.memory, this.#region.start);
    this.#plan.set("barrier", runtime.threads.barrier);
    this.set({ ...sizeFields(sizes), canBlock: canBlock() ? 1 : 0 });
  }

  set(values: Partial<Record<NumberField, number>>): void {
    for (const [field, value] of Object.entries(values)) this.#plan.set(field as NumberField, value);
  }

  get(field: NumberField): number {
    return this.#plan.get(field);
  }

  prepare(shape: RunShape): void {
    if (this.#isDisposed) throw new Error("network: expected one that has its memory, got one that was disposed");
    const previous = this.#shape;
    if (isSameShape(shape, previous)) return;
    try {
      this.#place(shape);
    } catch (error) {
      if (previous) this.#layOut(previous);
      throw error;
    }
    this.#shape = shape;
  }

  get shape(): RunShape | undefined {
    return this.#shape;
  }

  read(field: ArrayField, offset: number, into: Float32Array): void {
    into.set(this.#plan.view(field, offset, into.length));
  }

  write(field: ArrayField, offset: number, from: Float32Array | Int32Array): void {
    this.#plan.view(field, offset, from.length).set(from);
  }

  run(command: Command): void {
    const threads = this.#runtime.threads.readyCount(Math.min(this.get("maxThreads"), this.get("batchSize")));
    this.#threadsUsed = threads;
    this.#runtime.threads.run(this.#plan.address, COMMANDS[command], threads);
  }

  get threadsUsed(): number {
    return this.#threadsUsed;
  }

  clearGradients(): void {
    this.#runtime.kernel.exports.clearGradients(this.#plan.address);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    if (this.#data.size > 0) this.#runtime.heap.free(this.#data);
    this.#runtime.heap.free(this.#region);
  }

  /** Lays out the arrays for a shape, after moving what persists to a larger block if this one is too small. */
  #place(shape: RunShape): void {
    const { heap, memory } = this.#runtime;
    const needed = this.#layOut(shape);
    if (needed <= this.#data.size) return;
    const values = new Uint8Array(memory.buffer, this.#data.start, this.#shape ? this.#persistentSize() : 0).slice();
    this.#data = heap.reallocate(this.#data, needed);
    this.#layOut(shape);
    new Uint8Array(memory.buffer, this.#data.start, values.length).set(values);
  }

  /** Writes a shape to the plan and lays out the arrays. @returns their size in bytes. */
  #layOut({ history, training, ...sizes }: RunShape): number {
    this.set({ ...sizes, history: history ? 1 : 0, training: training ? 1 : 0 });
    const { start } = this.#data;
    return this.#runtime.kernel.exports.layout(this.#plan.address, start) - start;
  }

  /** Size of parameters and optimizer state, which come first. */
  #persistentSize(): number {
    return this.#plan.get("inputs") - this.#data.start;
  }
}
