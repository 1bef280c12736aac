import type { NetworkSizes } from "@dnc/core/engine";
import { PLAN, PLAN_FLOATS, PLAN_WORDS } from "./generated/plan.js";
import type { Region } from "./heap.js";
import type { Runtime } from "./runtime.js";
import { COMMANDS, canBlock } from "./threads.js";

/** A field of the kernel's plan. */
export type Field = keyof typeof PLAN;

/** Shape of the batch that a network runs on, and which of its values are saved. */
export interface RunShape {
  readonly timeSteps: number;
  readonly batchSize: number;
  /** Largest number of threads to run on. */
  readonly maxThreads: number;
  /** Whether every step is saved for the backward pass. */
  readonly history: boolean;
  /** Whether there are targets, mask and optimizer state. */
  readonly training: boolean;
}

const CONTROLLERS = { lstm: 0, "feed-forward": 1, none: 2, gru: 3 };
/** Columns of a panel, as in kernel/plan.h: rows of logits are padded to a multiple. */
const PANEL = 8;

/** A network in the kernel's memory: its plan, and the arrays that the plan points to. */
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
    this.#plan = engine.heap.allocate(4 * PLAN_WORDS);
    new Uint8Array(engine.memory.buffer, this.#plan.start, this.#plan.size).fill(0);
    this.set({
      inputSize: sizes.inputSize,
      outputSize: sizes.outputSize,
      controller: CONTROLLERS[sizes.controller],
      layers: sizes.layers,
      hiddenSize: sizes.hiddenSize,
      slots: sizes.memorySize,
      wordSize: sizes.wordSize,
      readHeads: sizes.readHeads,
      writeHeads: sizes.writeHeads,
      masking: sizes.masking ? 1 : 0,
      maskMinimum: sizes.maskMinimum,
      deallocation: sizes.deallocation ? 1 : 0,
      sharpness: sizes.sharpness ? 1 : 0,
      links: sizes.links ? 1 : 0,
      clip: sizes.clipValue,
      canBlock: canBlock() ? 1 : 0,
      barrier: engine.threads.barrier,
    });
  }

  /** Sets numbers of the plan: those of loss and optimizer before `prepare`, because the layout depends on them. */
  set(values: Partial<Record<Field, number>>): void {
    const { buffer } = this.#engine.memory;
    const integers = new Int32Array(buffer, this.#plan.start, PLAN_WORDS);
    const floats = new Float32Array(buffer, this.#plan.start, PLAN_WORDS);
    for (const [field, value] of Object.entries(values))
      (PLAN_FLOATS.includes(field) ? floats : integers)[PLAN[field as Field]] = value;
  }

  /**
   * Sets which steps are run. Call it after `prepare`.
   *
   * @param mask - `[time, batch]` of 0 and 1; undefined: all.
   */
  setInputMask(mask: Float32Array | undefined): void {
    this.set({ hasInputMask: mask ? 1 : 0 });
    if (mask) this.numbers("inputMask", mask.length).set(mask);
  }

  /**
   * Prepares for batches of a shape. Parameters and optimizer state keep their values; all other arrays are undefined.
   *
   * @throws RangeError if there is not enough memory; then nothing has changed.
   */
  prepare(shape: RunShape): void {
    if (this.#isDisposed) throw new Error("network: expected one that has its memory, got one that was disposed");
    const previous = this.#shape;
    if (previous && Object.entries(shape).every(([key, value]) => previous[key as keyof RunShape] === value)) return;
    const { heap, memory } = this.#engine;
    const needed = this.#layOut(shape);
    if (needed > this.#data.size) {
      const values = new Uint8Array(memory.buffer, this.#data.start, previous ? this.#persistentSize() : 0).slice();
      try {
        this.#data = heap.reallocate(this.#data, needed);
      } catch (error) {
        if (previous) this.#layOut(previous);
        throw error;
      }
      this.#layOut(shape);
      new Uint8Array(memory.buffer, this.#data.start, values.length).set(values);
    }
    this.#shape = shape;
  }

  /** The shape of the last `prepare`. */
  get shape(): RunShape | undefined {
    return this.#shape;
  }

  /** Number of parameters. */
  get parameterCount(): number {
    return this.word("parameterCount");
  }

  /** Returns a view of an array of the plan. It is valid until memory grows or `prepare` is called. */
  numbers(field: Field, length: number): Float32Array {
    return new Float32Array(this.#engine.memory.buffer, this.word(field), length);
  }

  /** The same for an array of integers. */
  integers(field: Field, length: number): Int32Array {
    return new Int32Array(this.#engine.memory.buffer, this.word(field), length);
  }

  /** Returns a size or an address of the plan. */
  word(field: Field): number {
    return new Uint32Array(this.#engine.memory.buffer, this.#plan.start, PLAN_WORDS)[PLAN[field]];
  }

  /**
   * Runs a command on the threads that are ready, at most one per batch element.
   *
   * @throws Error if a thread fails: then results and parameters are invalid.
   */
  run(command: keyof typeof COMMANDS): void {
    const threads = this.#engine.threads.readyCount(Math.min(this.word("maxThreads"), this.word("batchSize")));
    this.#threadsUsed = threads;
    this.#engine.threads.run(this.#plan.start, COMMANDS[command], threads);
  }

  /** Number of threads that the last command ran on; 0 before the first. */
  get threadsUsed(): number {
    return this.#threadsUsed;
  }

  /** Zeroes the gradients of the states, before those of logits and final state are written for a backward pass. */
  clearGradients(): void {
    this.#engine.kernel.exports.clearGradients(this.#plan.start);
  }

  /** Frees the memory. May be called more than once. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    if (this.#data.size > 0) this.#engine.heap.free(this.#data);
    this.#engine.heap.free(this.#plan);
  }

  /** Writes a shape to the plan and lays out the arrays. @returns their size in bytes. */
  #layOut({ history, training, ...sizes }: RunShape): number {
    this.set({ ...sizes, history: history ? 1 : 0, training: training ? 1 : 0 });
    const { start } = this.#data;
    return this.#engine.kernel.exports.layout(this.#plan.start, start) - start;
  }

  /** Size of parameters and optimizer state, which come first. */
  #persistentSize(): number {
    return this.word("inputs") - this.#data.start;
  }
}

/** Copies rows of `width` numbers between arrays. `at`: start of the first row; `distance`: stride; default: `width`. */
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

/** Rounds a width up to whole panels: the stride of logits in the kernel. */
export function padded(width: number): number {
  return Math.ceil(width / PANEL) * PANEL;
}
