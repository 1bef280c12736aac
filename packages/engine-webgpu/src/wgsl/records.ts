import { before, stateSections, stepSections, widthOf } from "../layout.js";
import type { Dims } from "../sizes.js";

/** Code for places in the buffer of records; see layout.ts. */
export class Records {
  readonly #states: ReturnType<typeof stateSections>;
  readonly #steps: ReturnType<typeof stepSections>;

  constructor(dims: Dims) {
    this.#states = stateSections(dims);
    this.#steps = stepSections(dims);
  }

  /** Numbers of `time` steps of `batch` elements, of which `kept` steps are kept. */
  size(time: number, batch: number, kept: number): number {
    return batch * ((time + 1) * widthOf(this.#states) + kept * widthOf(this.#steps));
  }

  /** An element of a section of the state before step `t`. */
  state(name: keyof ReturnType<typeof stateSections>, t: string, index: string): string {
    const start = `states * ${before(this.#states, name)}u`;
    return `records[${start} + (${t} * dims.batch + b) * ${this.#states[name]}u + ${index}]`;
  }

  /** An element of a section of step `t`. */
  step(name: keyof ReturnType<typeof stepSections>, t: string, index: string): string {
    const start = `states * ${widthOf(this.#states)}u + steps * ${before(this.#steps, name)}u`;
    return `records[${start} + (${t} * dims.batch + b) * ${this.#steps[name]}u + ${index}]`;
  }
}

/** Numbers of rows that `Records` counts with. */
export const RECORD_ROWS = `
let states = (dims.time + 1u) * dims.batch;
let steps = select(1u, dims.time, dims.history == 1u) * dims.batch;
`;
