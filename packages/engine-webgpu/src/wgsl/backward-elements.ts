import { before, deltaSections, outputSections } from "../layout.js";
import type { BackwardContext } from "./backward-plan.js";

/** An element of the memory after the step, or before it once that has been put in its place. */
export function memoryAt({ shader, memoryStride, dims }: BackwardContext, age: "old" | "new", n: string, i: string) {
  if (shader.isShared("memory")) return `s_memory[(${n}) * ${memoryStride}u + ${i}]`;
  return `memories[${age}Memory + (${n}) * ${dims.W}u + ${i}]`;
}

export function dMemoryAt({ shader, memoryStride }: BackwardContext, n: string, i: string): string {
  return shader.at("dMemory", `(${n}) * ${memoryStride}u + ${i}`);
}

export function dLinkAt({ shader, linkStride }: BackwardContext, row: string, j: string): string {
  return shader.at("dLink", `(${row}) * ${linkStride}u + ${j}`);
}

/** An element of a section of the deltas of step t. */
export function deltaAt(
  { dims }: BackwardContext,
  name: keyof ReturnType<typeof deltaSections>,
  index: string,
): string {
  const sections = deltaSections(dims);
  const start = `dims.time * dims.batch * ${before(sections, name)}u`;
  return `deltas[${start} + (t * dims.batch + b) * ${sections[name]}u + ${index}]`;
}

/** An element of the gradient to the row of hidden units and words that the output layer has seen at step t. */
export function dRowAt({ dims }: BackwardContext, t: string, index: string): string {
  const sections = outputSections(dims);
  const start = `dims.time * dims.batch * ${before(sections, "dRow")}u`;
  return `outs[${start} + (${t} * dims.batch + b) * ${sections.dRow}u + ${index}]`;
}
