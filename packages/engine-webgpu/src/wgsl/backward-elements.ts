import { deltaSections, offsetOf, outputSections } from "../layout.js";
import type { BackwardContext } from "./backward-plan.js";

/** Code for an element of the memory. In workgroup memory the new one is replaced by the old one during a step. */
export function memoryAt({ shader, memoryStride, dims }: BackwardContext, age: "old" | "new", n: string, i: string) {
  if (shader.isShared("memory")) return `s_memory[(${n}) * ${memoryStride}u + ${i}]`;
  return `memories[${age}Memory + (${n}) * ${dims.W}u + ${i}]`;
}

/** Code for an element of the gradient of the memory. */
export function dMemoryAt({ shader, memoryStride }: BackwardContext, n: string, i: string): string {
  return shader.at("dMemory", `(${n}) * ${memoryStride}u + ${i}`);
}

/** Code for an element of the gradient of the link of head k, given its row `k N + i`. */
export function dLinkAt({ shader, linkStride }: BackwardContext, row: string, j: string): string {
  return shader.at("dLink", `(${row}) * ${linkStride}u + ${j}`);
}

/** Code for whether a step comes after step t whose write weights its usage depends on: the next one that is run. */
export function hasNextStep({ dims }: BackwardContext): string {
  return dims.inputMask ? "hasRun" : "t + 1u < dims.timeSteps";
}

/** Code for an element of a section of the deltas of step t. */
export function deltaAt(
  { dims }: BackwardContext,
  name: keyof ReturnType<typeof deltaSections>,
  index: string,
): string {
  const sections = deltaSections(dims);
  const start = `dims.timeSteps * dims.batchSize * ${offsetOf(sections, name)}u`;
  return `deltas[${start} + (t * dims.batchSize + b) * ${sections[name]}u + ${index}]`;
}

/** Code for an element of the gradient of the output layer's input at step t: words, then hidden units. */
export function dRowAt({ dims }: BackwardContext, t: string, index: string): string {
  const sections = outputSections(dims);
  const start = `dims.timeSteps * dims.batchSize * ${offsetOf(sections, "dRow")}u`;
  return `outputs[${start} + (${t} * dims.batchSize + b) * ${sections.dRow}u + ${index}]`;
}
