import { type ArrayField, type NumberField, PLAN_FIELDS, type PlanField } from "@dnc/kernel";

/** A field of the kernel's plan. */
export type Field = NumberField | ArrayField;

/** Where a field of the plan is, in 4-byte words: WebAssembly's pointers have 4 bytes too. */
interface Place {
  readonly word: number;
  readonly kind: PlanField["kind"];
}

const PLACES = new Map<string, Place>();
let words = 0;
for (const { name, kind, count } of PLAN_FIELDS) {
  PLACES.set(name, { word: words, kind });
  words += count;
}

/** Size of a plan in bytes. */
export const PLAN_BYTES = 4 * words;

/** A plan in the kernel's memory. */
export class Plan {
  readonly #memory: WebAssembly.Memory;
  /** Its address. */
  readonly address: number;

  /**
   * Zeroes the plan.
   *
   * @param memory - the kernel's memory.
   * @param address - where `PLAN_BYTES` bytes were allocated.
   */
  constructor(memory: WebAssembly.Memory, address: number) {
    this.#memory = memory;
    this.address = address;
    new Uint8Array(memory.buffer, address, PLAN_BYTES).fill(0);
  }

  /** Writes a number or an address. */
  set(field: Field, value: number): void {
    const { word, kind } = place(field);
    const Words = kind === "float" ? Float32Array : Int32Array;
    new Words(this.#memory.buffer, this.address + 4 * word, 1)[0] = value;
  }

  /** Reads a number or an address. */
  get(field: Field): number {
    const { word, kind } = place(field);
    const Words = kind === "float" ? Float32Array : Uint32Array;
    return new Words(this.#memory.buffer, this.address + 4 * word, 1)[0];
  }

  /** Returns a view of an array of the plan. It is valid until memory grows or the arrays are laid out again. */
  view(field: ArrayField, offset: number, length: number): Float32Array | Int32Array {
    const Numbers = place(field).kind === "ints" ? Int32Array : Float32Array;
    return new Numbers(this.#memory.buffer, this.get(field) + 4 * offset, length);
  }
}

function place(field: Field): Place {
  const found = PLACES.get(field);
  if (!found) throw new TypeError(`plan: expected one of its fields, got ${field}`);
  return found;
}
