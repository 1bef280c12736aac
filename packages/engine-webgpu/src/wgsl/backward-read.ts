import { dMemoryAt, hasNextStep, memoryAt } from "./backward-elements.js";
import { keyTask, READ_KEYS } from "./backward-keys.js";
import { linkColumnsTask, linkGradientTasks, linkRowsTask } from "./backward-links.js";
import { type BackwardContext, cachedValue, readSums } from "./backward-plan.js";
import { sharpenPhases } from "./backward-sharpen.js";
import { joinTerms, loopCode, repeatCode } from "./shader.js";
import { maskFactor } from "./variants.js";

/** Backward pass of reading and linkage, equations (B4) to (B20), and the dot products of (B21). */
export function readPhases(context: BackwardContext): void {
  weightsPhase(context);
  if (context.dims.sharpness) sharpenPhases(context);
  sumsPhase(context);
  headsPhase(context);
  memoryPhase(context);
}

/** Gradients of read weights (B4), norms of keys, and sums for the precedence. */
function weightsPhase(context: BackwardContext): void {
  const { dims, shader, stored } = context;
  const { N, W, R, K, interfaceLayout, links, deallocation } = dims;
  const { readMask, writeMask } = interfaceLayout;
  const firstMask = `select(${readMask}u + (e - ${K}u) * ${W}u, ${writeMask}u + e * ${W}u, e < ${K}u)`;
  const mask = maskFactor(dims, cachedValue(context, "interface", `${firstMask} + i`));
  if (stored) readPartsTask(context);
  else
    shader.task(
      R * N,
      `let n = e % ${N}u; let r = e / ${N}u; var sum = ${shader.at("dRead", "e")};
for (var i = 0u; i < ${W}u; i++) { sum += ${memoryAt(context, "new", "n", "i")} * ${shader.at("dWords", `r * ${W}u + i`)}; }
${shader.at("dRead", "e")} = sum;`,
    );
  shader.task(
    K + R,
    `let first = select(${interfaceLayout.readKey}u + (e - ${K}u) * ${W}u, ${interfaceLayout.writeKey}u + e * ${W}u, e < ${K}u);
var sum = 0f;
for (var i = 0u; i < ${W}u; i++) { let x = ${cachedValue(context, "interface", "first + i")}; sum += x * x${mask}; }
${shader.at("keyNorms", "e")} = sqrt(sum + 1e-6f);`,
  );
  const retention = (r: number) =>
    `(1f - ${cachedValue(context, "interface", `${interfaceLayout.freeGate + r}u`)} * ${cachedValue(context, "oldReadWeights", `${r * N}u + e`)})`;
  if (deallocation) shader.task(N, `${shader.at("retention", "e")} = ${joinTerms(R, "*", "1f", retention)};`);
  if (links) precedenceSumsTask(context);
  shader.barrier();
  if (!stored) return;
  const parts = joinTerms(context.splits.word, "+", "0f", (part) => shader.at("readParts", `${part * R * N}u + e`));
  shader.task(R * N, `${shader.at("dRead", "e")} += ${parts};`);
  shader.barrier();
}

/** Dot products of words and gradients of words read, in parts: one pass over the memory for all heads. */
function readPartsTask(context: BackwardContext): void {
  const { dims, shader, splits } = context;
  const { N, W, R } = dims;
  const parts = splits.word;
  const loop = loopCode(
    { index: "i", from: `e % ${parts}u`, to: `${W}u`, step: parts, overlaps: true },
    (i, suffix) => `let m${suffix} = ${memoryAt(context, "new", "n", i)};`,
    (i, suffix) => repeatCode(R, (r) => `sum${r} += m${suffix} * ${shader.at("dWords", `${r * W}u + ${i}`)};`),
  );
  shader.task(
    N * parts,
    `let n = e / ${parts}u;
${repeatCode(R, (r) => `var sum${r} = 0f;`)}
${loop}
${repeatCode(R, (r) => `${shader.at("readParts", `e % ${parts}u * ${R * N}u + ${r * N}u + n`)} = sum${r};`)}`,
  );
}

/** Sums over slots for the precedence. */
function precedenceSumsTask(context: BackwardContext): void {
  const { dims, shader, splits } = context;
  const { N, K } = dims;
  shader.task(
    K * splits.heads,
    `let k = e / ${splits.heads}u; var sum = 0f; var dot = 0f;
for (var n = e % ${splits.heads}u; n < ${N}u; n += ${splits.heads}u) {
let at = k * ${N}u + n;
sum += ${cachedValue(context, "writeWeights", "at")};
dot += ${shader.at("dPrecedence", "at")} * ${cachedValue(context, "oldPrecedence", "at")};
}
${shader.at("precedenceSums", "2u * e")} = sum; ${shader.at("precedenceSums", "2u * e + 1u")} = dot;`,
  );
}

/** Sums over slots that (B5) to (B11) consist of; rows of the link, (B15) to (B18). */
function sumsPhase(context: BackwardContext): void {
  const { dims, shader, splits } = context;
  const { N, R, K, links, masking } = dims;
  const count = readSums(dims);
  const direction = (name: "forward" | "backward", k: number) =>
    cachedValue(context, name, `(r * ${K}u + ${k}u) * ${N}u + n`);
  shader.task(
    R * splits.heads,
    `let r = e / ${splits.heads}u; let size = ${shader.at("keyNorms", `${K}u + r`)};
${repeatCode(count, (index) => `var q${index} = 0f;`)}
for (var n = e % ${splits.heads}u; n < ${N}u; n += ${splits.heads}u) {
let at = r * ${N}u + n; let d = ${shader.at("dRead", "at")};
let content = ${cachedValue(context, "readContent", "at")}; let norm = ${masking ? cachedValue(context, "readNorms", "at") : cachedValue(context, "norms", "n")};
let weighted = content * ${cachedValue(context, "readSimilarity", "at")}; let scaled = weighted * norm / (size * norm + 1e-6f);
q0 += d * content; q1 += d * weighted; q2 += weighted; q3 += d * scaled; q4 += scaled;
${repeatCode(links ? K : 0, (k) => `q${5 + k} += d * ${direction("backward", k)}; q${5 + K + k} += d * ${direction("forward", k)};`)}
}
${repeatCode(count, (index) => `${shader.at("readSums", `${index}u * ${R * splits.heads}u + e`)} = q${index};`)}`,
  );
  if (links) linkRowsTask(context);
  shader.barrier();
}

/** Modes, strengths, and the terms of (B10) to (B12) for each slot; columns of the link, (B16) and (B18) to (B20). */
function headsPhase(context: BackwardContext): void {
  const { dims, shader, splits } = context;
  const { N, R, K, interfaceLayout, modes, links, masking } = dims;
  const sum = (index: number) =>
    joinTerms(splits.heads, "+", "0f", (part) =>
      shader.at("readSums", `${index * R * splits.heads}u + r * ${splits.heads}u + ${part}u`),
    );
  const strength = cachedValue(context, "interface", `${interfaceLayout.readStrength}u + r`);
  const content = links
    ? cachedValue(context, "interface", `${interfaceLayout.readMode}u + r * ${modes}u + ${2 * K}u`)
    : "1f";
  shader.task(
    R * N,
    `let n = e % ${N}u; let r = e / ${N}u; let size = ${shader.at("keyNorms", `${K}u + r`)};
let norm = ${masking ? cachedValue(context, "readNorms", "e") : cachedValue(context, "norms", "n")}; let mean = ${sum(0)};
let kappa = softplus(${strength}) * ${content} * ${cachedValue(context, "readContent", "e")} * (${shader.at("dRead", "e")} - mean) / (size * norm + 1e-6f);
${shader.at("kappa", "e")} = kappa;
${shader.at("self", "e")} = -kappa * ${cachedValue(context, "readSimilarity", "e")} * size / norm;`,
  );
  const dMode = (index: number) => (index === 2 * K ? sum(0) : sum(5 + index));
  const mode = (index: number) =>
    cachedValue(context, "interface", `${interfaceLayout.readMode}u + r * ${modes}u + ${index}u`);
  shader.task(
    R,
    `let r = e; let mean = ${sum(0)}; let content = ${content}; let beta = softplus(${strength});
${repeatCode(modes, (index) => `let d${index} = ${dMode(index)}; let mode${index} = ${mode(index)};`)}
${links ? `let dot = ${joinTerms(modes, "+", "0f", (index) => `d${index} * mode${index}`)};` : ""}
${repeatCode(modes, (index) => `${shader.at("dInterface", `${interfaceLayout.readMode}u + r * ${modes}u + ${index}u`)} = mode${index} * (d${index} - dot);`)}
${shader.at("dInterface", `${interfaceLayout.readStrength}u + r`)} = content * (${sum(1)} - mean * ${sum(2)}) * sigmoid(${strength});
${shader.at("readScales", "r")} = beta * content * (${sum(3)} - mean * ${sum(4)}) / ${shader.at("keyNorms", `${K}u + r`)};`,
  );
  if (links) linkColumnsTask(context);
  shader.barrier();
}

/** Complete gradients of the new memory, keys, read weights and precedence; terms of that of the write weights. */
function memoryPhase(context: BackwardContext): void {
  const { dims, shader } = context;
  const { N, R, K, links } = dims;
  wordsTask(context);
  keyTask(context, READ_KEYS);
  if (links) linkGradientTasks(context);
  else {
    shader.task(K * N, `if (${hasNextStep(context)}) { ${shader.at("dWrite", "e")} = 0f; }`);
    shader.task(R * N, `${shader.at("dRead", "e")} = 0f;`);
  }
  shader.barrier();
}

/** Complete gradients of the new memory, and their products with old memory and vectors, in parts. */
function wordsTask(context: BackwardContext): void {
  const { dims, shader, splits, stored } = context;
  const { N, W, R, K, interfaceLayout, masking, deallocation } = dims;
  const parts = splits.word;
  const w = (k: number) => cachedValue(context, "writeWeights", `${k * N}u + n`);
  const erase = (k: number, i: string) =>
    cachedValue(context, "interface", `${interfaceLayout.eraseVector + k * W}u + ${i}`);
  const others = (k: number, i: string) =>
    joinTerms(K, "*", "1f", (other) => (other === k ? "1f" : `(1f - ${w(other)} * ${erase(other, i)})`));
  const compared = (r: number, i: string, m: string) => {
    const [kappa, self] = [shader.at("kappa", `${r * N}u + n`), shader.at("self", `${r * N}u + n`)];
    const key = cachedValue(context, "interface", `${interfaceLayout.readKey + r * W}u + ${i}`);
    if (!masking) return `${kappa} * ${key}`;
    const mask = cachedValue(context, "interface", `${interfaceLayout.readMask + r * W}u + ${i}`);
    return `(${kappa} * ${key} + ${self} * ${m})${maskFactor(dims, mask)}`;
  };
  const retained = deallocation ? ` * ${shader.at("retention", "n")}` : "";
  const loop = loopCode(
    { index: "i", from: "part", to: `${W}u`, step: parts, overlaps: stored },
    (i, suffix) =>
      `let d${suffix} = ${dMemoryAt(context, "n", i)}; let m${suffix} = ${memoryAt(context, "new", "n", i)}; let old${suffix} = memories[oldMemory + n * ${W}u + ${i}];`,
    (i, suffix) => `var sum = d${suffix}${masking ? "" : ` + itself * m${suffix}`};
${repeatCode(R, (r) => `sum += ${cachedValue(context, "readWeights", `${r * N}u + n`)} * ${shader.at("dWords", `${r * W}u + ${i}`)} + ${compared(r, i, `m${suffix}`)};`)}
${dMemoryAt(context, "n", i)} = sum;
let product = sum * old${suffix};
${repeatCode(K, (k) => `dot${k} += sum * ${cachedValue(context, "interface", `${interfaceLayout.writeVector + k * W}u + ${i}`)} - product${retained} * ${others(k, i)} * ${erase(k, i)};`)}${deallocation ? `\nkept += product * ${joinTerms(K, "*", "1f", (k) => `(1f - ${w(k)} * ${erase(k, i)})`)};` : ""}`,
  );
  shader.task(
    N * parts,
    `let n = e / ${parts}u; let part = e % ${parts}u;
${masking ? "" : `let itself = ${joinTerms(R, "+", "0f", (r) => shader.at("self", `${r * N}u + n`))};\n`}${repeatCode(K, (k) => `var dot${k} = 0f;`)}${deallocation ? " var kept = 0f;" : ""}
${loop}${deallocation ? `\n${shader.at("retentionDots", `n * ${parts}u + part`)} = kept;` : ""}
${repeatCode(K, (k) => `${shader.at("writeDots", `(${k * N}u + n) * ${parts}u + part`)} = dot${k};`)}`,
  );
}
