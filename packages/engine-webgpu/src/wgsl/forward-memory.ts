import { contentTasks, contentWeight, statisticsTask } from "./forward-content.js";
import { memoryAt } from "./forward-elements.js";
import { linkTasks } from "./forward-link.js";
import type { ForwardContext } from "./forward-plan.js";
import { readPhases } from "./forward-read.js";
import { literal } from "./functions.js";
import type { Records } from "./records.js";
import { joinTerms, loopCode, repeatCode } from "./shader.js";

/** Products of usages below this become zero, as in the CPU kernel, where denormal numbers are slow. */
const MIN_PRODUCT = literal(1e-20);

/** Forward pass of the memory for one step, from the sums of the interface to the words read. */
export function memoryPhases(context: ForwardContext, records: Records): void {
  interfacePhase(context, records);
  for (let k = 0; k < context.dims.K; k++) {
    allocationPhase(context, records, k);
    writeWeightsPhase(context, records, k);
  }
  writePhase(context);
  readPhases(context, records);
}

/** Activates the interface and updates the usage. */
function interfacePhase(context: ForwardContext, records: Records): void {
  const { dims, shader, products } = context;
  const { interfaceLayout, N, R, K, modes, masking, deallocation } = dims;
  const product = products.interface;
  const bias = product.start + (product.paddedDepth * product.paddedColumns) / 4;
  const z = (column: string) =>
    `(${shader.sumOfParts(product, `(${column})`)} + weights[${bias}u + (${column}) / 4u][(${column}) % 4u])`;
  const put = (column: string, value: string) =>
    `${shader.at("interface", column)} = ${value}; ${records.step("interface", "at", column)} = ${value};`;
  const modesEnd = interfaceLayout.readMode + R * modes;
  const isMask = `e >= ${interfaceLayout.writeMask}u && e < ${interfaceLayout.forwardSharpness}u`;
  const isGate = `e >= ${interfaceLayout.eraseVector}u && e < ${interfaceLayout.readMode}u`;
  shader.task(
    interfaceLayout.size,
    `if (e < ${interfaceLayout.readMode}u || e >= ${modesEnd}u) {
var z = ${z("e")};
if (${masking ? `(${isGate}) || (${isMask})` : isGate}) { z = sigmoid(z); }
${put("e", "z")}${masking ? `\nif (${isMask}) { ${shader.at("interface", "e")} = maskSquare(z); }` : ""}
}`,
  );
  if (modes > 0) readModesTask(context, z, put);
  const retained = (r: number) =>
    `retentionOf(sigmoid(${z(`${interfaceLayout.freeGate + r}u`)}), ${shader.at("readWeights", `${r * N}u + e`)})`;
  const retention = joinTerms(R, "*", "1f", retained);
  shader.task(
    N,
    `let old = ${shader.at("usage", "e")};
let unwritten = ${joinTerms(K, "*", "1f", (k) => `rounded(1f - ${shader.at("writeWeights", `${k * N}u + e`)})`)};
${deallocation ? `let retention = ${retention}; ${shader.at("retention", "e")} = retention;\n` : ""}let usage = usageAfterWrites(old, unwritten) * ${deallocation ? "retention" : retention};
${shader.at("usage", "e")} = usage; ${shader.at("free", "e")} = freeOf(usage);
${K > 1 ? `${shader.at("simulated", "e")} = usage;` : ""}
${records.state("usage", "(t + 1u)", "e")} = usage;`,
  );
  shader.barrier();
}

/** Read modes: a softmax for each read head. */
function readModesTask(
  { dims, shader }: ForwardContext,
  z: (column: string) => string,
  put: (column: string, value: string) => string,
): void {
  const { interfaceLayout, R, modes } = dims;
  const column = (index: number) => `${interfaceLayout.readMode}u + e * ${modes}u + ${index}u`;
  shader.task(
    R,
    `${repeatCode(modes, (index) => `var z${index} = ${z(column(index))};`)}
let largest = ${Array.from({ length: modes }, (_, index) => `z${index}`).reduce((a, b) => `max(${a}, ${b})`)};
${repeatCode(modes, (index) => `z${index} = exp(z${index} - largest);`)}
let scale = 1f / ${joinTerms(modes, "+", "", (index) => `z${index}`)};
${repeatCode(modes, (index) => put(column(index), `(z${index} * scale)`))}`,
  );
}

/** Products of the usages ranked before each slot, in parts; with head 0, dot products of keys and words for all heads. */
function allocationPhase(context: ForwardContext, records: Records, k: number): void {
  const { dims, shader, splits } = context;
  const { N } = dims;
  shader.task(
    N * splits.allocation,
    `let n = e / ${splits.allocation}u; let part = e % ${splits.allocation}u;
let mine = ${shader.at("free", "n")}; var product = 1f;
for (var m = part; m < ${N}u; m += ${splits.allocation}u) {
let other = ${shader.at("free", "m")};
product *= select(1f, fullOf(other), ranksBefore(other, m, mine, n));
}
${shader.at("rankProductParts", "e")} = product;`,
  );
  if (k === 0) contentTasks(context, records);
  shader.barrier();
  if (k === 0 && splits.statistics > 0) {
    const from = splits.content > 1 ? "dots" : "similarity";
    statisticsTask(context, {
      heads: dims.K,
      from,
      parts: splits.content,
      strength: dims.interfaceLayout.writeStrength,
      firstKey: 0,
      ...(dims.masking && {
        squares: joinTerms(splits.content, "+", "0f", (part) =>
          shader.at("normParts", `(head * ${N}u + n) * ${splits.content}u + ${part}u`),
        ),
        norm: records.step("writeNorms", "at", `head * ${N}u + n`),
      }),
    });
    shader.barrier();
  }
}

/** Write weights of head k. */
function writeWeightsPhase(context: ForwardContext, records: Records, k: number): void {
  const { dims, shader, splits } = context;
  const { N, K, interfaceLayout } = dims;
  const [gateA, gateW] = [
    shader.at("interface", `${interfaceLayout.allocationGate + k}u`),
    shader.at("interface", `${interfaceLayout.writeGate + k}u`),
  ];
  const row = `${k * N}u + e`;
  const simulated = k + 1 < K ? shader.at("simulated", "e") : "";
  shader.task(
    N,
    `${contentWeight(context, interfaceLayout.writeStrength, `${k}u`, "e")}
var rankProduct = ${joinTerms(splits.allocation, "*", "1f", (part) => shader.at("rankProductParts", `e * ${splits.allocation}u + ${part}u`))};
if (rankProduct < ${MIN_PRODUCT}) { rankProduct = 0f; }
let allocation = ${shader.at("free", "e")} * rankProduct;
let weight = ${gateW} * (${gateA} * allocation + (1f - ${gateA}) * content);
${shader.at("writeWeights", row)} = weight;
${records.state("writeWeights", "(t + 1u)", row)} = weight;
${records.step("rankProduct", "at", row)} = rankProduct;
${records.step("writeContent", "at", row)} = content;
${records.step("writeSimilarity", "at", row)} = similarity;
${
  k + 1 < K
    ? `let next = usageAfterAllocation(${simulated}, ${gateA} * ${gateW}, allocation);
${simulated} = next; ${shader.at("free", "e")} = freeOf(next);`
    : ""
}`,
  );
  shader.barrier();
}

/** Updates memory and link; dot products of the read keys with the new words, in parts. */
function writePhase(context: ForwardContext): void {
  const { dims, shader, splits, stored } = context;
  const { N, W, R, K, interfaceLayout, links, masking, deallocation } = dims;
  const memoryShared = shader.isShared("memory");
  const w = (k: number) => shader.at("writeWeights", `${k * N}u + n`);
  const parts = splits.reading;
  const element = (i: string, old: string) => {
    const kept = (k: number) =>
      `(1f - ${w(k)} * ${shader.at("interface", `${interfaceLayout.eraseVector + k * W}u + ${i}`)})`;
    const written = (k: number) =>
      `${w(k)} * ${shader.at("interface", `${interfaceLayout.writeVector + k * W}u + ${i}`)}`;
    const retained = deallocation ? ` * ${shader.at("retention", "n")}` : "";
    return `${old}${retained} * ${joinTerms(K, "*", "1f", kept)} + ${joinTerms(K, "+", "0f", written)}`;
  };
  const compared = (r: number, i: string) => {
    const key = shader.at("interface", `${interfaceLayout.readKey + r * W}u + ${i}`);
    if (!masking) return `dot${r} += m * ${key};`;
    const square = shader.at("interface", `${interfaceLayout.readMask + r * W}u + ${i}`);
    return `{ let masked = ${square} * m; size${r} += masked * m; dot${r} += masked * ${key}; }`;
  };
  const loop = loopCode(
    { index: "i", from: "part", to: `${W}u`, step: parts, overlaps: stored },
    (i, suffix) => `let old${suffix} = ${memoryAt(context, "old", "n", i)};`,
    (i, suffix) => `let m = ${element(i, `old${suffix}`)};
${memoryAt(context, "new", "n", i)} = m;
${memoryShared ? `if (save) { memories[newMemory + n * ${W}u + ${i}] = m; }` : ""}
${masking ? "" : "size += m * m;\n"}${repeatCode(R, (r) => compared(r, i))}`,
  );
  shader.task(
    N * parts,
    `let n = e / ${parts}u; let part = e % ${parts}u; var size = 0f;
${repeatCode(R, (r) => `var dot${r} = 0f;${masking ? ` var size${r} = 0f;` : ""}`)}
${loop}
${repeatCode(R, (r) => `${shader.at("dots", `(${r * N}u + n) * ${parts}u + part`)} = dot${r};`)}
${masking ? repeatCode(R, (r) => `${shader.at("dots", `(${(R + r) * N}u + n) * ${parts}u + part`)} = size${r};`) : `${shader.at("dots", `(${R * N}u + n) * ${parts}u + part`)} = size;`}`,
  );
  if (links) linkTasks(context);
  shader.barrier();
}
