import { contentTasks, contentWeight, statisticsTask } from "./forward-content.js";
import { linkAt, memoryAt } from "./forward-elements.js";
import type { ForwardContext } from "./forward-plan.js";
import { readPhases } from "./forward-read.js";
import { literal } from "./functions.js";
import type { Records } from "./records.js";
import { joined, repeated } from "./shader.js";

/** Products of usages below this are zero, as in the kernel for the CPU, where denormal numbers are slow. */
export const LEAST_PRODUCT = literal(1e-20);

/** One step through the memory, from the sums that make the interface to the words read. */
export function memoryPhases(context: ForwardContext, records: Records): void {
  interfacePhase(context, records);
  for (let k = 0; k < context.dims.K; k++) {
    allocationPhase(context, k);
    writeWeightsPhase(context, records, k);
  }
  writePhase(context);
  readPhases(context, records);
}

function interfacePhase({ dims, shader, products }: ForwardContext, records: Records): void {
  const { face, N, R, K, modes } = dims;
  const own = products.face;
  const bias = own.start + (own.paddedDepth * own.paddedColumns) / 4;
  const z = (column: string) =>
    `(${shader.summed(own, `(${column})`)} + weights[${bias}u + (${column}) / 4u][(${column}) % 4u])`;
  const put = (column: string, value: string) =>
    `${shader.at("face", column)} = ${value}; ${records.step("face", "at", column)} = ${value};`;
  const modesEnd = face.mode + R * modes;
  shader.task(
    face.size,
    `if (e < ${face.mode}u || e >= ${modesEnd}u) {
var z = ${z("e")};
if (e >= ${face.erase}u && e < ${face.mode}u) { z = sigmoid(z); }
${put("e", "z")}
}`,
  );
  const column = (index: number) => `${face.mode}u + e * ${modes}u + ${index}u`;
  shader.task(
    R,
    `${repeated(modes, (index) => `var z${index} = ${z(column(index))};`)}
let largest = ${Array.from({ length: modes }, (_, index) => `z${index}`).reduce((a, b) => `max(${a}, ${b})`)};
${repeated(modes, (index) => `z${index} = exp(z${index} - largest);`)}
let scale = 1f / ${joined(modes, "+", "", (index) => `z${index}`)};
${repeated(modes, (index) => put(column(index), `(z${index} * scale)`))}`,
  );
  const kept = (r: number) =>
    `keptBy(sigmoid(${z(`${face.free + r}u`)}), ${shader.at("readWeights", `${r * N}u + e`)})`;
  shader.task(
    N,
    `let old = ${shader.at("usage", "e")};
let unwritten = ${joined(K, "*", "1f", (k) => `rounded(1f - ${shader.at("writeWeights", `${k * N}u + e`)})`)};
let usage = filledBy(old, unwritten) * ${joined(R, "*", "1f", kept)};
${shader.at("usage", "e")} = usage; ${shader.at("free", "e")} = freeOf(usage);
${K > 1 ? `${shader.at("simulated", "e")} = usage;` : ""}
${records.state("usage", "(t + 1u)", "e")} = usage;`,
  );
  shader.barrier();
}

/** Parts of the products of usages ranked before each slot; with the first head, all heads' similarities of keys and words. */
function allocationPhase(context: ForwardContext, k: number): void {
  const { dims, shader, splits } = context;
  const { N } = dims;
  shader.task(
    N * splits.allocation,
    `let n = e / ${splits.allocation}u; let part = e % ${splits.allocation}u;
let mine = ${shader.at("free", "n")}; var product = 1f;
for (var m = part; m < ${N}u; m += ${splits.allocation}u) {
let other = ${shader.at("free", "m")};
product *= select(1f, fullOf(other), isBefore(other, m, mine, n));
}
${shader.at("shares", "e")} = product;`,
  );
  if (k === 0) contentTasks(context);
  shader.barrier();
  if (k === 0 && splits.statistics > 0) {
    const from = splits.content > 1 ? "dots" : "similarity";
    statisticsTask(context, {
      heads: dims.K,
      from,
      parts: splits.content,
      strength: dims.face.writeStrength,
      firstKey: 0,
    });
    shader.barrier();
  }
}

function writeWeightsPhase(context: ForwardContext, records: Records, k: number): void {
  const { dims, shader, splits } = context;
  const { N, K, face } = dims;
  const [gateA, gateW] = [shader.at("face", `${face.alloc + k}u`), shader.at("face", `${face.gate + k}u`)];
  const row = `${k * N}u + e`;
  const simulated = k + 1 < K ? shader.at("simulated", "e") : "";
  shader.task(
    N,
    `${contentWeight(context, face.writeStrength, `${k}u`, "e")}
var share = ${joined(splits.allocation, "*", "1f", (part) => shader.at("shares", `e * ${splits.allocation}u + ${part}u`))};
if (share < ${LEAST_PRODUCT}) { share = 0f; }
let allocation = ${shader.at("free", "e")} * share;
let weight = ${gateW} * (${gateA} * allocation + (1f - ${gateA}) * content);
${shader.at("writeWeights", row)} = weight;
${records.state("writeWeights", "(t + 1u)", row)} = weight;
${records.step("share", "at", row)} = share;
${records.step("writeContent", "at", row)} = content;
${records.step("writeSimilarity", "at", row)} = similarity;
${
  k + 1 < K
    ? `let next = takenBy(${simulated}, ${gateA} * ${gateW}, allocation);
${simulated} = next; ${shader.at("free", "e")} = freeOf(next);`
    : ""
}`,
  );
  shader.barrier();
}

/** Memory and link move on; parts of the read heads' dot products with the new words. */
function writePhase(context: ForwardContext): void {
  const { dims, shader, splits } = context;
  const { N, W, R, K, face } = dims;
  const shared = shader.isShared("memory");
  const w = (k: number) => shader.at("writeWeights", `${k * N}u + n`);
  const parts = splits.reading;
  shader.task(
    N * parts,
    `let n = e / ${parts}u; let part = e % ${parts}u; var size = 0f;
${repeated(R, (r) => `var dot${r} = 0f;`)}
for (var i = part; i < ${W}u; i += ${parts}u) {
let m = ${memoryAt(context, "old", "n", "i")} * ${joined(K, "*", "1f", (k) => `(1f - ${w(k)} * ${shader.at("face", `${face.erase + k * W}u + i`)})`)} + ${joined(K, "+", "0f", (k) => `${w(k)} * ${shader.at("face", `${face.write + k * W}u + i`)}`)};
${memoryAt(context, "new", "n", "i")} = m;
${shared ? `if (keep) { memories[newMemory + n * ${W}u + i] = m; }` : ""}
size += m * m;
${repeated(R, (r) => `dot${r} += m * ${shader.at("face", `${face.readKey + r * W}u + i`)};`)}
}
${repeated(R, (r) => `${shader.at("dots", `(${r * N}u + n) * ${parts}u + part`)} = dot${r};`)}
${shader.at("dots", `(${R * N}u + n) * ${parts}u + part`)} = size;`,
  );
  const linkShared = shader.isShared("link");
  shader.task(
    K * N * N,
    `let row = e / ${N}u; let j = e % ${N}u; let i = row % ${N}u; let k = row / ${N}u;
let wi = ${shader.at("writeWeights", "row")}; let wj = ${shader.at("writeWeights", `k * ${N}u + j`)};
var l = (1f - wi - wj) * ${linkAt(context, "old", "row", "j")} + wi * ${shader.at("precedence", `k * ${N}u + j`)};
if (i == j) { l = 0f; }
${linkAt(context, "new", "row", "j")} = l;
${linkShared ? "if (keep) { links[newLink + e] = l; }" : ""}`,
  );
  shader.task(
    8 * K,
    `let k = e / 8u; var sum = 0f;
for (var n = e % 8u; n < ${N}u; n += 8u) { sum += ${shader.at("writeWeights", `k * ${N}u + n`)}; }
${shader.at("writeSums", "e")} = sum;`,
  );
  shader.barrier();
}
