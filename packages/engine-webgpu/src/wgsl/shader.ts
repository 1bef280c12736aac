import type { MemoryPlan, SharedArray } from "../plan.js";
import type { Product } from "../products.js";
import { DIMS } from "./functions.js";

/** A storage buffer of a kernel. The uniform is always the first binding and is not listed. */
export interface Binding {
  readonly name: string;
  readonly access: "read" | "read_write";
  /** Type of its elements; default: `f32`. */
  readonly type?: string;
}

/** Source of a kernel, and its bindings. */
export interface Kernel {
  readonly code: string;
  readonly bindings: readonly Binding[];
}

/** Invocations of a warp. Tasks of a phase start at multiples, so that branches do not diverge within a warp. */
const WARP = 32;

/** Builds the source of a kernel in which each workgroup runs a sequence of phases, with a barrier after each. */
export class Shader {
  readonly threads: number;
  readonly #plan: MemoryPlan;
  readonly #arrays: readonly SharedArray[];
  readonly #parts: ReadonlyMap<string, number>;
  readonly #buffered: readonly string[];
  readonly #lines: string[] = [];
  #used = 0;
  #barriers = 0;

  /**
   * @param parts - arrays that share the array `partial` with the products, and their offsets in it; default: none.
   * @param buffered - arrays that are in a buffer if not in workgroup memory; default: memory and link.
   */
  constructor(
    threads: number,
    plan: MemoryPlan,
    arrays: readonly SharedArray[],
    parts: ReadonlyMap<string, number> = new Map(),
    buffered: readonly string[] = ["memory", "link"],
  ) {
    this.threads = threads;
    this.#plan = plan;
    this.#arrays = arrays;
    this.#parts = parts;
    this.#buffered = buffered;
  }

  /** Number of barriers written so far. */
  get barriers(): number {
    return this.#barriers;
  }

  /** Whether an array is in workgroup memory. */
  isShared(name: string): boolean {
    return this.#plan.workgroup.has(name);
  }

  /** Code for an element of an array, wherever the plan has placed it. */
  at(name: string, index: string): string {
    const part = this.#parts.get(name);
    if (part !== undefined) return this.at("partial", `${part}u + ${index}`);
    if (this.isShared(name)) return `s_${name}[${index}]`;
    const start = this.#plan.scratch.get(name);
    if (start === undefined) throw new Error(`array: expected one of the plan, got ${name}`);
    return `scratch[scratchStart + ${start}u + ${index}]`;
  }

  /** Appends a line. */
  line(text: string): void {
    this.#lines.push(text);
  }

  /** Appends a task: runs `body` for each `e` below `count`. Everything within a phase may run in any order. */
  task(count: number, body: string): void {
    if (count === 0) return;
    if (count > this.threads) {
      this.line(`for (var e = tid; e < ${count}u; e += ${this.threads}u) {\n${body}\n}`);
      return;
    }
    const padded = Math.ceil(count / WARP) * WARP;
    const start = this.#used + padded <= this.threads ? this.#used : 0;
    this.#used = start + padded;
    this.line(`{ let e = tid - ${start}u; if (e < ${count}u) {\n${body}\n} }`);
  }

  /** Ends a phase: appends a barrier, after which all invocations see what was written before it. */
  barrier(): void {
    this.#used = 0;
    this.#barriers++;
    this.line("workgroupBarrier();");
    if (this.#plan.scratch.size > 0 || this.#buffered.some((name) => !this.isShared(name)))
      this.line("storageBarrier();");
  }

  /** Appends the product of a vector and a matrix, as partial sums in `partial[split][paddedColumns]`. */
  product({ paddedColumns, splits, chunk, start }: Product, input: (row: string) => string): void {
    const groups = paddedColumns / 4;
    const rows = Array.from(
      { length: 8 },
      (_, row) => `sum += ${input(`(d + ${row}u)`)} * weights[next + ${row * groups}u];`,
    );
    this.task(
      groups * splits,
      `let column = e % ${groups}u; let split = e / ${groups}u; var sum = vec4<f32>();
var next = ${start}u + split * ${chunk * groups}u + column;
for (var d = split * ${chunk}u; d < (split + 1u) * ${chunk}u; d += 8u) {
${rows.join("\n")}
next += ${8 * groups}u;
}
let to = split * ${paddedColumns}u + 4u * column;
${[0, 1, 2, 3].map((lane) => `${this.at("partial", `to + ${lane}u`)} = sum[${lane}];`).join(" ")}`,
    );
  }

  /** Code that adds up the partial sums of a product for a column. */
  sumOfParts({ paddedColumns, splits }: Product, column: string): string {
    const parts = Array.from({ length: splits }, (_, split) =>
      this.at("partial", `${split * paddedColumns}u + ${column}`),
    );
    return `(${parts.join(" + ")})`;
  }

  /** Returns the kernel with all lines appended so far; `head`: declarations before the entry point. */
  finish(bindings: readonly Binding[], head: string): Kernel {
    const shared = this.#arrays
      .filter(({ name }) => this.isShared(name))
      .map(({ name, size }) => `var<workgroup> s_${name}: array<f32, ${size}>;`);
    const code = `${declarations(bindings)}${shared.join("\n")}
${head}
@compute @workgroup_size(${this.threads})
fn main(@builtin(local_invocation_index) tid: u32, @builtin(workgroup_id) group: vec3<u32>) {
let b = group.x;
let scratchStart = b * ${this.#plan.scratchSize}u;
${this.#lines.join("\n")}
}
`;
    return { code, bindings };
  }
}

/** Code that declares the uniform and all buffers. */
export function declarations(bindings: readonly Binding[]): string {
  const buffers = bindings.map(
    ({ name, access, type }, index) =>
      `@group(0) @binding(${index + 1}) var<storage, ${access}> ${name}: array<${type ?? "f32"}>;\n`,
  );
  return DIMS + buffers.join("");
}

/** Places arrays consecutively. */
export function placeArrays(sizes: Readonly<Record<string, number>>): { parts: Map<string, number>; size: number } {
  const parts = new Map<string, number>();
  let size = 0;
  for (const [name, arraySize] of Object.entries(sizes)) {
    parts.set(name, size);
    size += arraySize;
  }
  return { parts, size };
}

/** Priority of partial sums that are too many to share the array `partial`: before memory and link, after what is read more often. */
const SUMS_PRIORITY = 3.5;

/** Lists arrays of partial sums, each with a place of its own. */
export function ownArrays(sizes: Readonly<Record<string, number>>): SharedArray[] {
  return Object.entries(sizes)
    .filter(([, size]) => size > 0)
    .map(([name, size]) => ({ name, size, priority: SUMS_PRIORITY }));
}

/** Returns the number of invocations that share each of `sums` sums of `terms` terms, with at most `maxParts` parts. */
export function splitCount(threads: number, sums: number, terms: number, maxParts: number): number {
  const count = Math.min(Math.floor(threads / sums), Math.floor(maxParts / sums), Math.ceil(terms / 4), 8);
  return Math.max(1, count);
}

/** Code for `count` expressions joined by an operator; `none` if `count` is 0. */
export function joinTerms(count: number, operator: string, none: string, part: (index: number) => string): string {
  if (count === 0) return none;
  return `(${Array.from({ length: count }, (_, index) => part(index)).join(` ${operator} `)})`;
}

/** Number of elements that a loop over a buffer loads before it uses the first of them. */
const OVERLAP = 8;

/** The indices of a loop: `from`, `from + step` and so on, below `to`. */
export interface LoopRange {
  /** Name of the variable. */
  readonly index: string;
  readonly from: string;
  readonly to: string;
  readonly step: number;
  /** Whether loads of several indices come before their uses, so that they wait for the buffer together. */
  readonly overlaps: boolean;
}

/**
 * Code of a loop whose body first loads and then uses. A compiler may not move a load before a store to the same buffer, so where
 * both are in a loop, it would wait for each load by itself.
 *
 * @param load - code that loads the elements of index `i` into constants whose names end in `suffix`.
 * @param use - code that uses and stores them.
 */
export function loopCode(
  { index, from, to, step, overlaps }: LoopRange,
  load: (i: string, suffix: string) => string,
  use: (i: string, suffix: string) => string,
): string {
  const one = `for (; ${index} < ${to}; ${index} += ${step}u) {\n${load(index, "")}\n${use(index, "")}\n}`;
  if (!overlaps) return `var ${index} = ${from};\n${one}`;
  const places = Array.from({ length: OVERLAP }, (_, place) => [`(${index} + ${place * step}u)`, `${place}`] as const);
  const several = [...places.map((place) => load(...place)), ...places.map((place) => `{ ${use(...place)} }`)];
  return `var ${index} = ${from};
for (; ${index} + ${(OVERLAP - 1) * step}u < ${to}; ${index} += ${OVERLAP * step}u) {\n${several.join("\n")}\n}
${one}`;
}

/** Code for `count` consecutive statements. */
export function repeatCode(count: number, part: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => part(index)).join("\n");
}
