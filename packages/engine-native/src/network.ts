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
import type { Addon, InstructionSet, NetworkHandle, ShapeNumbers } from "./addon.js";
import { availableMemory } from "./memory.js";

/** A network in the addon's memory. */
export class NativeNetwork implements KernelNetwork {
  readonly sizes: NetworkSizes;
  readonly #addon: Addon;
  readonly #handle: NetworkHandle;
  readonly #fields: ReadonlyMap<string, number>;
  /** Numbers that were set last: a call of the addon for each of an optimizer's in every iteration would take microseconds. */
  readonly #numbers = new Map<string, number>();
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

  get shape(): RunShape | undefined {
    return this.#shape;
  }

  get threadsUsed(): number {
    return this.#threadsUsed;
  }

  set(values: Partial<Record<NumberField, number>>): void {
    for (const [name, value] of Object.entries(values)) {
      if (this.#numbers.get(name) === value) continue;
      this.#addon.set(this.#handle, this.#field(name), value);
      this.#numbers.set(name, value);
    }
  }

  get(field: NumberField): number {
    return this.#addon.get(this.#handle, this.#field(field));
  }

  prepare(shape: RunShape): void {
    if (isSameShape(shape, this.#shape)) return;
    const { timeSteps, batchSize, maxThreads, history, training } = shape;
    const numbers: ShapeNumbers = [timeSteps, batchSize, maxThreads, history ? 1 : 0, training ? 1 : 0];
    const grows = this.#addon.measure(this.#handle, ...numbers) > this.#bytes;
    const limit = this.#bytes + (grows ? availableMemory() : 0);
    this.#bytes = this.#addon.prepare(this.#handle, ...numbers, limit);
    this.#shape = shape;
  }

  read(field: ArrayField, offset: number, into: Float32Array): void {
    this.#addon.read(this.#handle, this.#field(field), offset, into);
  }

  write(field: ArrayField, offset: number, from: Float32Array | Int32Array): void {
    this.#addon.write(this.#handle, this.#field(field), offset, from);
  }

  run(command: Command): void {
    this.#threadsUsed = this.#addon.run(this.#handle, COMMANDS[command]);
  }

  async runAsync(command: Command): Promise<void> {
    this.#threadsUsed = await this.#addon.runAsync(this.#handle, COMMANDS[command]);
  }

  clearGradients(): void {
    this.#addon.clearGradients(this.#handle);
  }

  dispose(): void {
    this.#addon.dispose(this.#handle);
    this.#numbers.clear();
    this.#bytes = 0;
    this.#shape = undefined;
  }

  #field(name: string): number {
    const field = this.#fields.get(name);
    if (field === undefined) throw new TypeError(`field: expected one of the kernel's plan, got "${name}"`);
    return field;
  }
}
