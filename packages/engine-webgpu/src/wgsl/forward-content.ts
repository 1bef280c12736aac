import { memoryAt } from "./forward-elements.js";
import type { ForwardContext } from "./forward-plan.js";
import type { Records } from "./records.js";
import { joinTerms, loopCode } from "./shader.js";

/** Writes the tasks for norms of all keys, and for the similarities of write keys and words or their dot products in parts. */
export function contentTasks(context: ForwardContext, records: Records): void {
  const { dims, shader, splits, stored } = context;
  const { N, W, R, K, interfaceLayout, masking } = dims;
  const { readKey, writeKey, readMask, writeMask } = interfaceLayout;
  const element = (read: number, write: number, head: string, i: string) =>
    `select(${read}u + (${head} - ${K}u) * ${W}u, ${write}u + ${head} * ${W}u, ${head} < ${K}u) + ${i}`;
  const key = (head: string, i: string) => element(readKey, writeKey, head, i);
  // Of masks, the forward pass holds the squares.
  const keyMask = masking ? ` * ${shader.at("interface", element(readMask, writeMask, "e", "i"))}` : "";
  shader.task(
    K + R,
    `var sum = 0f;
for (var i = 0u; i < ${W}u; i++) { let x = ${shader.at("interface", key("e", "i"))}; sum += x * x${keyMask}; }
${shader.at("keyNorms", "e")} = sqrt(sum + 1e-6f);`,
  );
  const parts = splits.content;
  const isWhole = parts === 1 && splits.statistics === 0;
  const square = (i: string) => shader.at("interface", `${writeMask}u + k * ${W}u + ${i}`);
  const saveNorm = () =>
    isWhole
      ? `let norm = sqrt(wordSize + 1e-6f); ${records.step("writeNorms", "at", "row")} = norm;`
      : `${shader.at("normParts", "e")} = wordSize;`;
  shader.task(
    K * N * parts,
    `let row = e / ${parts}u; let n = row % ${N}u; let k = row / ${N}u;
var sum = 0f; var size = 0f;${masking ? " var wordSize = 0f;" : ""}
${loopCode(
  { index: "i", from: `e % ${parts}u`, to: `${W}u`, step: parts, overlaps: stored },
  (i, suffix) => `let m${suffix} = ${memoryAt(context, "old", "n", i)};`,
  (i, suffix) => `let x = ${shader.at("interface", `${interfaceLayout.writeKey}u + k * ${W}u + ${i}`)};
${masking ? `let masked = ${square(i)} * m${suffix}; sum += x * masked; wordSize += masked * m${suffix};` : `sum += x * m${suffix};`}
${isWhole ? `size += x * x${masking ? ` * ${square(i)}` : ""};` : ""}`,
)}${masking ? `\n${saveNorm()}` : ""}
${
  isWhole
    ? `${shader.at("similarity", "e")} = sum / (sqrt(size + 1e-6f) * ${masking ? "norm" : shader.at("norms", "n")} + 1e-6f);`
    : `${shader.at(parts > 1 ? "dots" : "similarity", "e")} = sum;`
}`,
  );
}

/** Heads whose softmax statistics are computed, and the values that they are computed from. */
interface Statistics {
  readonly heads: number;
  /** Array with the dot products, and the number of parts of each. */
  readonly from: string;
  readonly parts: number;
  /** Where the heads' strengths begin in the interface, and index of the first of their key norms. */
  readonly strength: number;
  readonly firstKey: number;
  /** With masking: code for the sum of squares of word `n` masked by head `head`, and for the place of its norm. */
  readonly squares?: string;
  readonly norm?: string;
}

/** Writes the task that computes similarities from dot products, and for each range of slots the largest logit and the sum. */
export function statisticsTask(
  { dims, shader, splits }: ForwardContext,
  { heads, from, parts, strength, firstKey, squares, norm = "" }: Statistics,
): void {
  const { N } = dims;
  const length = Math.ceil(Math.sqrt(N));
  const summed = joinTerms(parts, "+", "0f", (part) => shader.at(from, `(head * ${N}u + n) * ${parts}u + ${part}u`));
  shader.task(
    heads * splits.statistics,
    `let head = e / ${splits.statistics}u; let first = (e % ${splits.statistics}u) * ${length}u;
let last = min(first + ${length}u, ${N}u);
let beta = softplus(${shader.at("interface", `${strength}u + head`)}); let size = ${shader.at("keyNorms", `${firstKey}u + head`)};
var largest = -3.4e38f;
for (var n = first; n < last; n++) {
${squares ? `let norm = sqrt(${squares} + 1e-6f); ${norm} = norm;\n` : ""}let similarity = ${summed} / (size * ${squares ? "norm" : shader.at("norms", "n")} + 1e-6f);
${shader.at("similarity", `head * ${N}u + n`)} = similarity;
largest = max(largest, beta * similarity);
}
var sum = 0f;
for (var n = first; n < last; n++) { sum += exp(beta * ${shader.at("similarity", `head * ${N}u + n`)} - largest); }
${shader.at("statistics", "2u * e")} = largest; ${shader.at("statistics", "2u * e + 1u")} = sum;`,
  );
}

/** Code that computes `content`, the content weight of slot `n` of a head. */
export function contentWeight(
  { dims, shader, splits }: ForwardContext,
  strength: number,
  head: string,
  n: string,
): string {
  const { N } = dims;
  const similarityAt = (slot: string) => shader.at("similarity", `${head} * ${N}u + ${slot}`);
  const parts = splits.statistics;
  const largest = (index: string) => shader.at("statistics", `2u * (${head} * ${parts}u + ${index})`);
  const sum = (index: string) => shader.at("statistics", `2u * (${head} * ${parts}u + ${index}) + 1u`);
  const loops =
    parts === 0
      ? `for (var m = 0u; m < ${N}u; m++) { largest = max(largest, beta * ${similarityAt("m")}); }
for (var m = 0u; m < ${N}u; m++) { total += exp(beta * ${similarityAt("m")} - largest); }`
      : `for (var m = 0u; m < ${parts}u; m++) { largest = max(largest, ${largest("m")}); }
for (var m = 0u; m < ${parts}u; m++) { total += ${sum("m")} * exp(${largest("m")} - largest); }`;
  return `let beta = softplus(${shader.at("interface", `${strength}u + ${head}`)});
var largest = -3.4e38f; var total = 0f;
${loops}
let similarity = ${similarityAt(n)};
let content = exp(beta * similarity - largest) / total;`;
}
