import type { MemoryPlan, SharedArray } from "../plan.js";
import type { Product } from "../products.js";
import { DIMS } from "./functions.js";

/** A buffer of a kernel; `uniform` is always the first, and not named here. */
export interface Binding {
  readonly name: string;
  readonly access: "read" | "read_write";
  /** Type of its elements; `f32`. */
  readonly type?: string;
}

/** A kernel as text, with what the host needs to run it. */
export interface Kernel {
  readonly code: string;
  readonly bindings: readonly Binding[];
}

/** Threads of a warp: tasks of one phase begin at whole warps, so that their branches do not diverge. */
const WARP = 32;

/** The text of a kernel in which one workgroup goes through phases, with a barrier after each. */
export class Shader {
  readonly threads: number;
  readonly #plan: MemoryPlan;
  readonly #arrays: readonly SharedArray[];
  readonly #parts: ReadonlyMap<string, number>;
  readonly #lines: string[] = [];
  #used = 0;
  #barriers = 0;

  /** @param parts - arrays that lie in `partial` while no product does, and where they begin there. */
  constructor(
    threads: number,
    plan: MemoryPlan,
    arrays: readonly SharedArray[],
    parts: ReadonlyMap<string, number> = new Map(),
  ) {
    this.threads = threads;
    this.#plan = plan;
    this.#arrays = arrays;
    this.#parts = parts;
  }

  /** Barriers that were written so far. */
  get barriers(): number {
    return this.#barriers;
  }

  isShared(name: string): boolean {
    return this.#plan.workgroup.has(name);
  }

  /** An element of a shared array, wherever the plan has put it. */
  at(name: string, index: string): string {
    const part = this.#parts.get(name);
    if (part !== undefined) return this.at("partial", `${part}u + ${index}`);
    if (this.isShared(name)) return `s_${name}[${index}]`;
    const start = this.#plan.scratch.get(name);
    if (start === undefined) throw new Error(`array: expected one of the plan, got ${name}`);
    return `scratch[own + ${start}u + ${index}]`;
  }

  line(text: string): void {
    this.#lines.push(text);
  }

  /** `count` independent pieces of work, with `e` for the number of the piece. Pieces of one phase may run in any order. */
  task(count: number, body: string): void {
    if (count === 0) return;
    if (count > this.threads) {
      this.line(`for (var e = tid; e < ${count}u; e += ${this.threads}u) {\n${body}\n}`);
      return;
    }
    const whole = Math.ceil(count / WARP) * WARP;
    const start = this.#used + whole <= this.threads ? this.#used : 0;
    this.#used = start + whole;
    this.line(`{ let e = tid - ${start}u; if (e < ${count}u) {\n${body}\n} }`);
  }

  /** Ends a phase: what was written before is seen by all after. */
  barrier(): void {
    this.#used = 0;
    this.#barriers++;
    this.line("workgroupBarrier();");
    if (this.#plan.scratch.size > 0 || !this.isShared("memory") || !this.isShared("link"))
      this.line("storageBarrier();");
  }

  /** Partial sums of a vector times a matrix, to `partial[split][paddedColumns]`. */
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

  /** The sum that `product` has left in parts. */
  summed({ paddedColumns, splits }: Product, column: string): string {
    const parts = Array.from({ length: splits }, (_, split) =>
      this.at("partial", `${split * paddedColumns}u + ${column}`),
    );
    return `(${parts.join(" + ")})`;
  }

  /** The whole text, of the lines so far. */
  finish(bindings: readonly Binding[], head: string): Kernel {
    const shared = this.#arrays
      .filter(({ name }) => this.isShared(name))
      .map(({ name, size }) => `var<workgroup> s_${name}: array<f32, ${size}>;`);
    const code = `${declarations(bindings)}${shared.join("\n")}
${head}
@compute @workgroup_size(${this.threads})
fn main(@builtin(local_invocation_index) tid: u32, @builtin(workgroup_id) group: vec3<u32>) {
let b = group.x;
let own = b * ${this.#plan.scratchSize}u;
${this.#lines.join("\n")}
}
`;
    return { code, bindings };
  }
}

/** Declarations of the uniform and all buffers. */
export function declarations(bindings: readonly Binding[]): string {
  const buffers = bindings.map(
    ({ name, access, type }, index) =>
      `@group(0) @binding(${index + 1}) var<storage, ${access}> ${name}: array<${type ?? "f32"}>;\n`,
  );
  return DIMS + buffers.join("");
}

/** Puts arrays one after the other. */
export function laidOut(sizes: Readonly<Record<string, number>>): { parts: Map<string, number>; size: number } {
  const parts = new Map<string, number>();
  let size = 0;
  for (const [name, own] of Object.entries(sizes)) {
    parts.set(name, size);
    size += own;
  }
  return { parts, size };
}

/** How many invocations share a sum of `terms` terms when there are `sums` of them: `most` parts may be kept. */
export function splitsOf(threads: number, sums: number, terms: number, most: number): number {
  const fit = Math.min(Math.floor(threads / sums), Math.floor(most / sums), Math.ceil(terms / 4), 8);
  return Math.max(1, fit);
}

/** `count` expressions joined by an operator, or `none` for no expression. */
export function joined(count: number, operator: string, none: string, part: (index: number) => string): string {
  if (count === 0) return none;
  return `(${Array.from({ length: count }, (_, index) => part(index)).join(` ${operator} `)})`;
}

/** `count` statements one after the other. */
export function repeated(count: number, part: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => part(index)).join("\n");
}
