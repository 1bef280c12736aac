import { offsetOf, outputSections } from "../layout.js";
import type { Dims } from "../sizes.js";

/** Code for an element of a section of the output layer, for row `row` of time steps and batch elements. */
export function outputAt(dims: Dims, name: keyof ReturnType<typeof outputSections>, index: string): string {
  const sections = outputSections(dims);
  return `outputs[rows * ${offsetOf(sections, name)}u + row * ${sections[name]}u + ${index}]`;
}
