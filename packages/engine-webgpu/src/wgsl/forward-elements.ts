import type { ForwardContext } from "./forward-plan.js";

/** Code for an element of the memory before or after the step. */
export function memoryAt({ shader, memoryStride, dims }: ForwardContext, age: "old" | "new", n: string, i: string) {
  if (shader.isShared("memory")) return `s_memory[(${n}) * ${memoryStride}u + ${i}]`;
  return `memories[${age}Memory + (${n}) * ${dims.W}u + ${i}]`;
}

/** Code for an element of the link of head k before or after the step, given its row `k N + i`. */
export function linkAt({ shader, linkStride, dims }: ForwardContext, age: "old" | "new", row: string, j: string) {
  if (shader.isShared("link")) return `s_link[(${row}) * ${linkStride}u + ${j}]`;
  return `links[${age}Link + (${row}) * ${dims.N}u + ${j}]`;
}
