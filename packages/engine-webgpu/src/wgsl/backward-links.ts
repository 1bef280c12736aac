import { dLinkAt } from "./backward-elements.js";
import { type BackwardContext, cachedValue } from "./backward-plan.js";
import { joinTerms, loopCode, repeatCode } from "./shader.js";

/**
 * Code for a part of a row's or a column's sum. In workgroup memory the parts of a sum are neighbours; in scratch the sums of a part are,
 * which neighbouring invocations add up.
 */
function partAt(
  { shader, splits, dims, stored }: BackwardContext,
  name: PartialSums,
  at: string,
  part: string,
): string {
  const { N, R, K } = dims;
  const sums = name.endsWith("Reads") ? R * K * N : K * N;
  return shader.at(name, stored ? `(${part}) * ${sums}u + ${at}` : `(${at}) * ${splits.link}u + ${part}`);
}

type PartialSums = "rowWeights" | "rowReads" | "columnWeights" | "columnPrecedence" | "columnReads";

/** Rows of the link, (B15) to (B18). */
export function linkRowsTask(context: BackwardContext): void {
  const { dims, shader, splits, stored } = context;
  const { N, R, K, interfaceLayout, modes, sharpness } = dims;
  const mode = (r: number, index: string) =>
    cachedValue(context, "interface", `${interfaceLayout.readMode + r * modes}u + ${index}`);
  const parts = splits.link;
  const loop = loopCode(
    { index: "j", from: `e % ${parts}u`, to: `${N}u`, step: parts, overlaps: stored },
    (j, suffix) =>
      `let old${suffix} = links[oldLink + row * ${N}u + ${j}]; let d${suffix} = ${dLinkAt(context, "row", j)};`,
    (
      j,
      suffix,
    ) => `let p = ${cachedValue(context, "oldPrecedence", `k * ${N}u + ${j}`)}; let wj = ${cachedValue(context, "writeWeights", `k * ${N}u + ${j}`)};
var g = d${suffix}; var l = (1f - wi - wj) * old${suffix} + wi * p;
${repeatCode(R, (r) => `let db${r} = ${sharpness ? shader.at("dBackward", `${r * K * N}u + k * ${N}u + ${j}`) : `mode${r} * ${shader.at("dRead", `${r * N}u + ${j}`)}`};`)}
g += ${joinTerms(R, "+", "0f", (r) => `df${r} * ${cachedValue(context, "oldReadWeights", `${r * N}u + ${j}`)} + oldRead${r} * db${r}`)};
if (i == ${j}) { g = 0f; l = 0f; }
${dLinkAt(context, "row", j)} = g;
weight += g * p - g * old${suffix};
${repeatCode(R, (r) => `sum${r} += l * db${r};`)}`,
  );
  shader.task(
    K * N * parts,
    `let row = e / ${parts}u; let i = row % ${N}u; let k = row / ${N}u; let wi = ${cachedValue(context, "writeWeights", "row")};
var weight = 0f;
${repeatCode(
  R,
  (
    r,
  ) => `var sum${r} = 0f; let df${r} = ${sharpness ? shader.at("dForward", `${r * K * N}u + row`) : `${mode(r, `${K}u + k`)} * ${shader.at("dRead", `${r * N}u + i`)}`};
let oldRead${r} = ${cachedValue(context, "oldReadWeights", `${r * N}u + i`)};${sharpness ? "" : ` let mode${r} = ${mode(r, "k")};`}`,
)}
${loop}
${partAt(context, "rowWeights", "row", `e % ${parts}u`)} = weight;
${repeatCode(R, (r) => `${partAt(context, "rowReads", `${r * K * N}u + row`, `e % ${parts}u`)} = sum${r};`)}`,
  );
}

/** Columns of the link, (B16) and (B18) to (B20). */
export function linkColumnsTask(context: BackwardContext): void {
  const { dims, shader, splits, stored } = context;
  const { N, R, K, interfaceLayout, modes, sharpness } = dims;
  const parts = splits.link;
  const loop = loopCode(
    { index: "i", from: "part", to: `${N}u`, step: parts, overlaps: stored },
    (i, suffix) =>
      `let old${suffix} = links[oldLink + (k * ${N}u + ${i}) * ${N}u + j]; let g${suffix} = ${dLinkAt(context, `k * ${N}u + ${i}`, "j")};`,
    (i, suffix) => `let row = k * ${N}u + ${i}; let wi = ${cachedValue(context, "writeWeights", "row")};
let retained = 1f - wi - wj; let l = select(retained * old${suffix} + wi * p, 0f, ${i} == j);
weight += g${suffix} * old${suffix}; precedence += wi * g${suffix};
${repeatCode(R, (r) => `sum${r} += ${sharpness ? shader.at("dForward", `${r * K * N}u + row`) : `mode${r} * ${shader.at("dRead", `${r * N}u + ${i}`)}`} * l;`)}
${dLinkAt(context, "row", "j")} = retained * g${suffix};`,
  );
  shader.task(
    K * N * parts,
    `let j = e % ${N}u; let part = (e / ${N}u) % ${parts}u; let k = e / ${N * parts}u;
let wj = ${cachedValue(context, "writeWeights", `k * ${N}u + j`)}; let p = ${cachedValue(context, "oldPrecedence", `k * ${N}u + j`)};
var weight = 0f; var precedence = 0f;
${repeatCode(R, (r) => (sharpness ? `var sum${r} = 0f;` : `var sum${r} = 0f; let mode${r} = ${cachedValue(context, "interface", `${interfaceLayout.readMode + r * modes + K}u + k`)};`))}
${loop}
let column = k * ${N}u + j;
${partAt(context, "columnWeights", "column", "part")} = weight; ${partAt(context, "columnPrecedence", "column", "part")} = precedence;
${repeatCode(R, (r) => `${partAt(context, "columnReads", `${r * K * N}u + column`, "part")} = sum${r};`)}`,
  );
}

/** Gradients of read weights and precedence, and that of the write weights by the links, complete. */
export function linkGradientTasks(context: BackwardContext): void {
  const { dims, shader, splits } = context;
  const { N, R, K } = dims;
  const linked = (name: PartialSums, at: string) =>
    joinTerms(splits.link, "+", "0f", (part) => partAt(context, name, at, `${part}u`));
  const precedence = (index: number) =>
    joinTerms(splits.heads, "+", "0f", (part) =>
      shader.at("precedenceSums", `2u * (k * ${splits.heads}u + ${part}u) + ${index}u`),
    );
  shader.task(
    K * N,
    `let k = e / ${N}u; let d = ${shader.at("dPrecedence", "e")};
var carried = 0f; if (${dims.inputMask ? "!hasRun" : "t + 1u == dims.timeSteps"}) { carried = ${shader.at("dWrite", "e")}; }
${shader.at("dWrite", "e")} = carried + d - ${precedence(1)} + ${linked("rowWeights", "e")} - ${linked("columnWeights", "e")};
${shader.at("dPrecedence", "e")} = (1f - ${precedence(0)}) * d + ${linked("columnPrecedence", "e")};`,
  );
  shader.task(
    R * N,
    `let n = e % ${N}u; let r = e / ${N}u;
${shader.at("dRead", "e")} = ${joinTerms(K, "+", "0f", (k) => `${linked("rowReads", `r * ${K * N}u + ${k * N}u + n`)} + ${linked("columnReads", `r * ${K * N}u + ${k * N}u + n`)}`)};`,
  );
}
