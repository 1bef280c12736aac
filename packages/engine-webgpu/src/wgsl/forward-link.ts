import { linkAt } from "./forward-elements.js";
import type { ForwardContext } from "./forward-plan.js";
import { joinTerms, loopCode, repeatCode } from "./shader.js";

/** Updates the link; sums of write weights, in parts. If the link is in its buffer, also the sums of its columns, in parts. */
export function linkTasks(context: ForwardContext): void {
  const { dims, shader, splits } = context;
  const { N, K } = dims;
  if (splits.link > 0) columnsTask(context);
  else updateTask(context);
  shader.task(
    8 * K,
    `let k = e / 8u; var sum = 0f;
for (var n = e % 8u; n < ${N}u; n += 8u) { sum += ${shader.at("writeWeights", `k * ${N}u + n`)}; }
${shader.at("writeSums", "e")} = sum;`,
  );
}

function updateTask(context: ForwardContext): void {
  const { dims, shader } = context;
  const { N, K } = dims;
  const linkShared = shader.isShared("link");
  shader.task(
    K * N * N,
    `let row = e / ${N}u; let j = e % ${N}u; let i = row % ${N}u; let k = row / ${N}u;
let wi = ${shader.at("writeWeights", "row")}; let wj = ${shader.at("writeWeights", `k * ${N}u + j`)};
var l = (1f - wi - wj) * ${linkAt(context, "old", "row", "j")} + wi * ${shader.at("precedence", `k * ${N}u + j`)};
if (i == j) { l = 0f; }
${linkAt(context, "new", "row", "j")} = l;
${linkShared ? "if (save) { links[newLink + e] = l; }" : ""}`,
  );
}

/** Updates a link in its buffer column by column, which neighbouring invocations read together; sums of backward weights, in parts. */
function columnsTask(context: ForwardContext): void {
  const { dims, shader, splits } = context;
  const { N, R, K } = dims;
  const parts = splits.link;
  const chunk = Math.ceil(N / parts);
  const loop = loopCode(
    { index: "i", from: `part * ${chunk}u`, to: "last", step: 1, overlaps: true },
    (i, suffix) => `let old${suffix} = ${linkAt(context, "old", `k * ${N}u + ${i}`, "j")};`,
    (i, suffix) => `let wi = ${shader.at("writeWeights", `k * ${N}u + ${i}`)};
let l = select((1f - wi - wj) * old${suffix} + wi * p, 0f, ${i} == j);
${linkAt(context, "new", `k * ${N}u + ${i}`, "j")} = l;
${repeatCode(R, (r) => `sum${r} += l * ${shader.at("readWeights", `${r * N}u + ${i}`)};`)}`,
  );
  shader.task(
    K * N * parts,
    `let j = e % ${N}u; let part = (e / ${N}u) % ${parts}u; let k = e / ${N * parts}u; let last = min((part + 1u) * ${chunk}u, ${N}u);
let wj = ${shader.at("writeWeights", `k * ${N}u + j`)}; let p = ${shader.at("precedence", `k * ${N}u + j`)};
${repeatCode(R, (r) => `var sum${r} = 0f;`)}
${loop}
${repeatCode(R, (r) => `${shader.at("backwardParts", `part * ${R * K * N}u + (${r * K}u + k) * ${N}u + j`)} = sum${r};`)}`,
  );
}

/**
 * Writes the tasks for forward and backward weights. If the link is in workgroup memory, each sum is one chain, as in a matrix product;
 * else all sums have the same parts. Either way slots with equal values get equal bits, and so remain ties for the allocation.
 */
export function directionalTasks(context: ForwardContext): void {
  const { dims, shader, splits } = context;
  const { N, R, K } = dims;
  if (splits.link > 0) {
    rowsTask(context);
    sumTask(context, "backward");
    return;
  }
  for (const direction of ["forward", "backward"] as const) {
    const [row, column] = direction === "forward" ? ["n", "m"] : ["m", "n"];
    shader.task(
      R * K * N,
      `let n = e % ${N}u; let k = (e / ${N}u) % ${K}u; let r = e / ${K * N}u;
var sum = 0f;
for (var m = 0u; m < ${N}u; m++) {
sum += ${linkAt(context, "new", `k * ${N}u + ${row}`, column)} * ${shader.at("readWeights", `r * ${N}u + m`)};
}
${shader.at(direction, "e")} = sum;`,
    );
  }
}

/** Sums of forward weights, in parts: one pass over the rows of the link for all heads. */
function rowsTask(context: ForwardContext): void {
  const { dims, shader, splits } = context;
  const { N, R, K } = dims;
  const parts = splits.link;
  const loop = loopCode(
    { index: "j", from: `e % ${parts}u`, to: `${N}u`, step: parts, overlaps: true },
    (j, suffix) => `let l${suffix} = ${linkAt(context, "new", "row", j)};`,
    (j, suffix) => repeatCode(R, (r) => `sum${r} += l${suffix} * ${shader.at("readWeights", `${r * N}u + ${j}`)};`),
  );
  shader.task(
    K * N * parts,
    `let row = e / ${parts}u;
${repeatCode(R, (r) => `var sum${r} = 0f;`)}
${loop}
${repeatCode(R, (r) => `${shader.at("forwardParts", `e % ${parts}u * ${R * K * N}u + ${r * K * N}u + row`)} = sum${r};`)}`,
  );
}

/** Adds up the parts of forward or backward weights of a link in its buffer. */
export function sumTask({ dims, shader, splits }: ForwardContext, direction: "forward" | "backward"): void {
  const { N, R, K } = dims;
  const size = R * K * N;
  const sum = joinTerms(splits.link, "+", "0f", (part) => shader.at(`${direction}Parts`, `${part * size}u + e`));
  shader.task(size, `${shader.at(direction, "e")} = ${sum};`);
}
