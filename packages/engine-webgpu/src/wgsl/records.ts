import { offsetOf, stateSections, stepSections, widthOf } from "../layout.js";
import type { Dims } from "../sizes.js";

/** Code for elements of the buffer `records`: states and steps; see layout.ts. */
export class Records {
  readonly #states: ReturnType<typeof stateSections>;
  readonly #steps: ReturnType<typeof stepSections>;

  constructor(dims: Dims) {
    this.#states = stateSections(dims);
    this.#steps = stepSections(dims);
  }

  /** Returns the number of elements for `timeSteps` steps, of which `savedSteps` are saved. */
  size(timeSteps: number, batchSize: number, savedSteps: number): number {
    return batchSize * ((timeSteps + 1) * widthOf(this.#states) + savedSteps * widthOf(this.#steps));
  }

  /** Code for an element of a section of the state before step `t`. */
  state(name: keyof ReturnType<typeof stateSections>, t: string, index: string): string {
    const start = `states * ${offsetOf(this.#states, name)}u`;
    return `records[${start} + (${t} * dims.batchSize + b) * ${this.#states[name]}u + ${index}]`;
  }

  /** Code for an element of a section of step `t`. */
  step(name: keyof ReturnType<typeof stepSections>, t: string, index: string): string {
    const start = `states * ${widthOf(this.#states)}u + steps * ${offsetOf(this.#steps, name)}u`;
    return `records[${start} + (${t} * dims.batchSize + b) * ${this.#steps[name]}u + ${index}]`;
  }
}

/** Code that declares the numbers of rows that `Records` uses. */
export const RECORD_ROWS = `
let states = (dims.timeSteps + 1u) * dims.batchSize;
let steps = select(1u, dims.timeSteps, dims.history == 1u) * dims.batchSize;
`;
