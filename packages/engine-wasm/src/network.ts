import type { NetworkSizes } from "@dnc/core/engine";
import { PLAN, PLAN_FLOATS, PLAN_WORDS } from "./generated/plan.js";
import type { Region } from "./heap.js";
import type { Runtime } from "./runtime.js";
import { COMMANDS, mayWait } from "./threads.js";

type Field = keyof typeof PLAN;

/** How a network is to be run on one batch. */
export interface RunShape {
  readonly time: number;
  readonly batch: number;
  /** How many threads will run it at most. */
  readonly mostThreads: number;
  /** Whether every step is kept for the backward pass. */
  readonly history: boolean;
  /** Whether targets and optimizer belong to it too. */
  readonly training: boolean;
}

const CONTROLLERS = { lstm: 0, "feed-forward": 1, none: 2 };
/** Rows of the carried state begin panels of eight columns; see kernel/plan.h. */
const PANEL = 8;

/** A network in the kernel's memory. */
export class Network {
  readonly sizes: NetworkSizes;
  readonly #engine: Runtime;
  readonly #plan: Region;
  #data: Region = { start: 0, size: 0 };
  #shape: RunShape | undefined;
  #threadsUsed = 0;
  #isDisposed = false;

  constructor(engine: Runtime, sizes: NetworkSizes) {
    this.#engine = engine;
    this.sizes = sizes;
    this.#plan = engine.heap.take(4 * PLAN_WORDS);
    new Uint8Array(engine.memory.buffer, this.#plan.start, this.#plan.size).fill(0);
    this.#set({
      inputSize: sizes.inputSize,
      outputSize: sizes.outputSize,
      controller: CONTROLLERS[sizes.controller],
      layers: sizes.layers,
      hidden: sizes.hiddenSize,
      slots: sizes.memorySize,
      word: sizes.wordSize,
      reads: sizes.readHeads,
      writes: sizes.writeHeads,
      clip: sizes.clipValue,
      mayWait: mayWait() ? 1 : 0,
      barrier: engine.threads.barrier,
    });
  }

  /** Numbers of the optimizer; they stay until they are set anew. */
  setOptimizer(options: { learningRate: number; decay: number; epsilon: number; maxNorm: number }): void {
    this.#set(options);
  }

  /**
   * Lays the network out for a batch. Parameters and the optimizer's slots keep their values; the rest is undefined.
   *
   * @throws RangeError if WebAssembly cannot have the memory that is needed; then nothing has changed.
   */
  prepare(shape: RunShape): void {
    if (this.#isDisposed) throw new Error("network: expected one that has its memory, got one that was disposed");
    const was = this.#shape;
    if (was && Object.entries(shape).every(([key, value]) => was[key as keyof RunShape] === value)) return;
    const { heap, memory } = this.#engine;
    const needed = this.#layOut(shape);
    if (needed > this.#data.size) {
      const values = new Uint8Array(memory.buffer, this.#data.start, was ? this.#keptSize() : 0).slice();
      try {
        this.#data = heap.trade(this.#data, needed);
      } catch (error) {
        if (was) this.#layOut(was);
        throw error;
      }
      this.#layOut(shape);
      new Uint8Array(memory.buffer, this.#data.start, values.length).set(values);
    }
    this.#shape = shape;
  }

  /** How it was last prepared. */
  get shape(): RunShape | undefined {
    return this.#shape;
  }

  /** Number of parameters. */
  get parameterCount(): number {
    return this.word("parameterCount");
  }

  /** A view of an array of the plan; it is valid until memory grows or the network is prepared anew. */
  numbers(field: Field, length: number): Float32Array {
    return new Float32Array(this.#engine.memory.buffer, this.word(field), length);
  }

  /** A size or an address of the plan. */
  word(field: Field): number {
    return new Uint32Array(this.#engine.memory.buffer, this.#plan.start, PLAN_WORDS)[PLAN[field]];
  }

  /**
   * Runs a command on the threads that are ready, at most one a batch element.
   *
   * @throws Error if a thread failed meanwhile: then results and parameters are of no use.
   */
  run(command: keyof typeof COMMANDS): void {
    const threads = this.#engine.threads.ready(Math.min(this.word("mostThreads"), this.word("batch")));
    this.#threadsUsed = threads;
    this.#engine.threads.run(this.#plan.start, COMMANDS[command], threads);
  }

  /** How many threads the last command ran on; 0 before the first. */
  get threadsUsed(): number {
    return this.#threadsUsed;
  }

  clearGradients(): void {
    this.#engine.kernel.exports.clearGradients(this.#plan.start);
  }

  /** Gives its memory back; disposing twice does nothing. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    if (this.#data.size > 0) this.#engine.heap.give(this.#data);
    this.#engine.heap.give(this.#plan);
  }

  /** @returns how many bytes it takes. */
  #layOut({ history, training, ...sizes }: RunShape): number {
    this.#set({ ...sizes, history: history ? 1 : 0, training: training ? 1 : 0 });
    const { start } = this.#data;
    return this.#engine.kernel.exports.layout(this.#plan.start, start) - start;
  }

  /** Parameters and the optimizer's slots lie before all else. */
  #keptSize(): number {
    return this.word("inputs") - this.#data.start;
  }

  #set(values: Partial<Record<Field, number>>): void {
    const { buffer } = this.#engine.memory;
    const integers = new Int32Array(buffer, this.#plan.start, PLAN_WORDS);
    const floats = new Float32Array(buffer, this.#plan.start, PLAN_WORDS);
    for (const [field, value] of Object.entries(values))
      (PLAN_FLOATS.includes(field) ? floats : integers)[PLAN[field as Field]] = value;
  }
}

/** Copies rows of `width` numbers between arrays whose rows are `from.distance` and `to.distance` apart. */
export function copyRows(
  rows: number,
  width: number,
  from: { array: Float32Array; at?: number; distance?: number },
  to: { array: Float32Array; at?: number; distance?: number },
): void {
  const [source, target] = [from.at ?? 0, to.at ?? 0];
  for (let row = 0; row < rows; row++) {
    const start = source + row * (from.distance ?? width);
    to.array.set(from.array.subarray(start, start + width), target + row * (to.distance ?? width));
  }
}

/** Widths rounded up to whole panels, as the kernel keeps logits. */
export function padded(width: number): number {
  return Math.ceil(width / PANEL) * PANEL;
}
