import type { NetworkSizes } from "@dnc/core/engine";
import {
  type ArrayField,
  COMMANDS,
  type Command,
  type KernelNetwork,
  type NumberField,
  type RunShape,
  sizeFields,
} from "@dnc/kernel";
import type { Addon, InstructionSet, NetworkHandle, ShapeNumbers } from "./addon.js";
import { availableMemory } from "./memory.js";

/** A network in the addon's memory. */
export class NativeNetwork implements KernelNetwork {
  readonly sizes: NetworkSizes;
  readonly #addon: Addon;
  readonly #handle: NetworkHandle;
  readonly #fields: ReadonlyMap<string, number>;
  #shape: RunShape | undefined;
  #bytes = 0;
  #threadsUsed = 0;

  /** @param fields - numbers of the plan's fields, by name. */
  constructor(addon: Addon, fields: ReadonlyMap<string, number>, instructionSet: InstructionSet, sizes: NetworkSizes) {
    this.#addon = addon;
    this.#fields = fields;
    this.#handle = addon.create(instructionSet);
    this.sizes = sizes;
    this.set(sizeFields(sizes));
  }

  /** The shape of the last `prepare`. */
  get shape(): RunShape | undefined {
    return this.#shape;
  }

  /** Number of threads that the last command ran on; 0 before the first. */
  get threadsUsed(): number {
    return this.#threadsUsed;
  }

  /** Sets numbers of the plan: those of loss and optimizer before `prepare`, because the layout depends on them. */
  set(values: Partial<Record<NumberField, number>>): void {
    for (const [name, value] of Object.entries(values)) this.#addon.set(this.#handle, this.#field(name), value);
  }

  /** Returns a number of the plan. */
  get(field: NumberField): number {
    return this.#addon.get(this.#handle, this.#field(field));
  }

  /**
   * Prepares for batches of a shape. Parameters and optimizer state keep their values; all other arrays are undefined.
   *
   * @throws RangeError if there is not enough memory; then nothing has changed.
   */
  prepare(shape: RunShape): void {
    const previous = this.#shape;
    if (previous && Object.entries(shape).every(([key, value]) => previous[key as keyof RunShape] === value)) return;
    const { timeSteps, batchSize, maxThreads, history, training } = shape;
    const numbers: ShapeNumbers = [timeSteps, batchSize, maxThreads, history ? 1 : 0, training ? 1 : 0];
    const grows = this.#addon.measure(this.#handle, ...numbers) > this.#bytes;
    const limit = this.#bytes + (grows ? availableMemory() : 0);
    this.#bytes = this.#addon.prepare(this.#handle, ...numbers, limit);
    this.#shape = shape;
  }

  /** Copies numbers of an array, from number `offset` on. */
  read(field: ArrayField, offset: number, into: Float32Array): void {
    this.#addon.read(this.#handle, this.#field(field), offset, into);
  }

  /** Copies numbers into an array, from number `offset` on. */
  write(field: ArrayField, offset: number, from: Float32Array | Int32Array): void {
    this.#addon.write(this.#handle, this.#field(field), offset, from);
  }

  /** Runs a command. */
  run(command: Command): void {
    this.#threadsUsed = this.#addon.run(this.#handle, COMMANDS[command]);
  }

  /** Runs a command beside JavaScript. Meanwhile the network refuses everything else. */
  async runAsync(command: Command): Promise<void> {
    this.#threadsUsed = await this.#addon.runAsync(this.#handle, COMMANDS[command]);
  }

  /** Zeroes the gradients of the states, before those of logits and final state are written for a backward pass. */
  clearGradients(): void {
    this.#addon.clearGradients(this.#handle);
  }

  /** Frees the memory. May be called more than once. */
  dispose(): void {
    this.#addon.dispose(this.#handle);
    this.#bytes = 0;
    this.#shape = undefined;
  }

  #field(name: string): number {
    const field = this.#fields.get(name);
    if (field === undefined) throw new TypeError(`field: expected one of the kernel's plan, got "${name}"`);
    return field;
  }
}
