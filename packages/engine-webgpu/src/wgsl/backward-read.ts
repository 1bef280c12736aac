import { dLinkAt, dMemoryAt, hasNextStep, memoryAt } from "./backward-elements.js";
import { type BackwardContext, cachedValue, readSums } from "./backward-plan.js";
import { sharpenPhases } from "./backward-sharpen.js";
import { joinTerms, repeatCode } from "./shader.js";
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
  const { dims, shader } = context;
  const { N, W, R, K, interfaceLayout, links, deallocation } = dims;
  const { readMask, writeMask } = interfaceLayout;
  const firstMask = `select(${readMask}u + (e - ${K}u) * ${W}u, ${writeMask}u + e * ${W}u, e < ${K}u)`;
  const mask = maskFactor(dims, cachedValue(context, "interface", `${firstMask} + i`));
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

/** Rows of the link, (B15) to (B18). */
function linkRowsTask(context: BackwardContext): void {
  const { dims, shader, splits } = context;
  const { N, R, K, interfaceLayout, modes, sharpness } = dims;
  const mode = (r: number, index: string) =>
    cachedValue(context, "interface", `${interfaceLayout.readMode + r * modes}u + ${index}`);
  const parts = splits.link;
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
for (var j = e % ${parts}u; j < ${N}u; j += ${parts}u) {
let old = links[oldLink + row * ${N}u + j]; let p = ${cachedValue(context, "oldPrecedence", `k * ${N}u + j`)};
let wj = ${cachedValue(context, "writeWeights", `k * ${N}u + j`)};
var g = ${dLinkAt(context, "row", "j")}; var l = (1f - wi - wj) * old + wi * p;
${repeatCode(R, (r) => `let db${r} = ${sharpness ? shader.at("dBackward", `${r * K * N}u + k * ${N}u + j`) : `mode${r} * ${shader.at("dRead", `${r * N}u + j`)}`};`)}
g += ${joinTerms(R, "+", "0f", (r) => `df${r} * ${cachedValue(context, "oldReadWeights", `${r * N}u + j`)} + oldRead${r} * db${r}`)};
if (i == j) { g = 0f; l = 0f; }
${dLinkAt(context, "row", "j")} = g;
weight += g * p - g * old;
${repeatCode(R, (r) => `sum${r} += l * db${r};`)}
}
${shader.at("rowWeights", "e")} = weight;
${repeatCode(R, (r) => `${shader.at("rowReads", `${r * K * N * parts}u + e`)} = sum${r};`)}`,
  );
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

/** Columns of the link, (B16) and (B18) to (B20). */
function linkColumnsTask(context: BackwardContext): void {
  const { dims, shader, splits } = context;
  const { N, R, K, interfaceLayout, modes, sharpness } = dims;
  const parts = splits.link;
  shader.task(
    K * N * parts,
    `let j = e % ${N}u; let part = (e / ${N}u) % ${parts}u; let k = e / ${N * parts}u;
let wj = ${cachedValue(context, "writeWeights", `k * ${N}u + j`)}; let p = ${cachedValue(context, "oldPrecedence", `k * ${N}u + j`)};
var weight = 0f; var precedence = 0f;
${repeatCode(R, (r) => (sharpness ? `var sum${r} = 0f;` : `var sum${r} = 0f; let mode${r} = ${cachedValue(context, "interface", `${interfaceLayout.readMode + r * modes + K}u + k`)};`))}
for (var i = part; i < ${N}u; i += ${parts}u) {
let row = k * ${N}u + i; let old = links[oldLink + row * ${N}u + j]; let wi = ${cachedValue(context, "writeWeights", "row")};
let g = ${dLinkAt(context, "row", "j")}; let retained = 1f - wi - wj; let l = select(retained * old + wi * p, 0f, i == j);
weight += g * old; precedence += wi * g;
${repeatCode(R, (r) => `sum${r} += ${sharpness ? shader.at("dForward", `${r * K * N}u + row`) : `mode${r} * ${shader.at("dRead", `${r * N}u + i`)}`} * l;`)}
${dLinkAt(context, "row", "j")} = retained * g;
}
let to = (k * ${N}u + j) * ${parts}u + part;
${shader.at("columnWeights", "to")} = weight; ${shader.at("columnPrecedence", "to")} = precedence;
${repeatCode(R, (r) => `${shader.at("columnReads", `${r * K * N * parts}u + to`)} = sum${r};`)}`,
  );
}

/** Complete gradients of the new memory, keys, read weights and precedence; terms of that of the write weights. */
function memoryPhase(context: BackwardContext): void {
  const { dims, shader, splits } = context;
  const { N, W, R, K, interfaceLayout, links, masking, deallocation } = dims;
  const parts = splits.word;
  const w = (k: number) => cachedValue(context, "writeWeights", `${k * N}u + n`);
  const erase = (k: number) => cachedValue(context, "interface", `${interfaceLayout.eraseVector + k * W}u + i`);
  const others = (k: number) =>
    joinTerms(K, "*", "1f", (other) => (other === k ? "1f" : `(1f - ${w(other)} * ${erase(other)})`));
  const mask = (i: string) => cachedValue(context, "interface", `${interfaceLayout.readMask}u + ${i}`);
  const compared = (r: number) => {
    const [kappa, self] = [shader.at("kappa", `${r * N}u + n`), shader.at("self", `${r * N}u + n`)];
    const key = cachedValue(context, "interface", `${interfaceLayout.readKey + r * W}u + i`);
    if (!masking) return `${kappa} * ${key}`;
    return `(${kappa} * ${key} + ${self} * m)${maskFactor(dims, mask(`${r * W}u + i`))}`;
  };
  const newElement = memoryAt(context, "new", "n", "i");
  const added = masking ? "" : ` + itself * ${newElement}`;
  const retained = deallocation ? ` * ${shader.at("retention", "n")}` : "";
  shader.task(
    N * parts,
    `let n = e / ${parts}u; let part = e % ${parts}u;
${masking ? "" : `let itself = ${joinTerms(R, "+", "0f", (r) => shader.at("self", `${r * N}u + n`))};\n`}${repeatCode(K, (k) => `var dot${k} = 0f;`)}${deallocation ? " var kept = 0f;" : ""}
for (var i = part; i < ${W}u; i += ${parts}u) {
${masking ? `let m = ${newElement};\n` : ""}var d = ${dMemoryAt(context, "n", "i")}${added};
${repeatCode(R, (r) => `d += ${cachedValue(context, "readWeights", `${r * N}u + n`)} * ${shader.at("dWords", `${r * W}u + i`)} + ${compared(r)};`)}
${dMemoryAt(context, "n", "i")} = d;
let product = d * memories[oldMemory + n * ${W}u + i];
${repeatCode(K, (k) => `dot${k} += d * ${cachedValue(context, "interface", `${interfaceLayout.writeVector + k * W}u + i`)} - product${retained} * ${others(k)} * ${erase(k)};`)}${deallocation ? `\nkept += product * ${joinTerms(K, "*", "1f", (k) => `(1f - ${w(k)} * ${erase(k)})`)};` : ""}
}${deallocation ? `\n${shader.at("retentionDots", `n * ${parts}u + part`)} = kept;` : ""}
${repeatCode(K, (k) => `${shader.at("writeDots", `(${k * N}u + n) * ${parts}u + part`)} = dot${k};`)}`,
  );
  const key = cachedValue(context, "interface", `${interfaceLayout.readKey}u + e`);
  const scale = shader.at("readScales", "r");
  const self = shader.at("self", `r * ${N}u + n`);
  const dMask = `maskGradient(${mask("e")}, ${key} * sum - 0.5f * (${scale} * ${key} * ${key} - selves))`;
  if (masking)
    shader.task(
      R * W,
      `let i = e % ${W}u; let r = e / ${W}u; var sum = 0f; var selves = 0f;
for (var n = 0u; n < ${N}u; n++) { let m = ${newElement}; sum += ${shader.at("kappa", `r * ${N}u + n`)} * m; selves += ${self} * m * m; }
${shader.at("dInterface", `${interfaceLayout.readKey}u + e`)} = (sum - ${scale} * ${key})${maskFactor(dims, mask("e"))};
${shader.at("dInterface", `${interfaceLayout.readMask}u + e`)} = ${dMask};`,
    );
  shader.task(
    masking ? 0 : R * W,
    `let i = e % ${W}u; let r = e / ${W}u;
var sum = -${shader.at("readScales", "r")} * ${cachedValue(context, "interface", `${interfaceLayout.readKey}u + e`)};
for (var n = 0u; n < ${N}u; n++) { sum += ${shader.at("kappa", `r * ${N}u + n`)} * ${memoryAt(context, "new", "n", "i")}; }
${shader.at("dInterface", `${interfaceLayout.readKey}u + e`)} = sum;`,
  );
  if (links) linkGradientTasks(context);
  else {
    shader.task(K * N, `if (${hasNextStep(context)}) { ${shader.at("dWrite", "e")} = 0f; }`);
    shader.task(R * N, `${shader.at("dRead", "e")} = 0f;`);
  }
  shader.barrier();
}

/** Gradients of read weights and precedence, and that of the write weights by the links, complete. */
function linkGradientTasks({ dims, shader, splits }: BackwardContext): void {
  const { N, R, K } = dims;
  const links = splits.link;
  const linked = (name: string, at: string) =>
    joinTerms(links, "+", "0f", (part) => shader.at(name, `(${at}) * ${links}u + ${part}u`));
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
