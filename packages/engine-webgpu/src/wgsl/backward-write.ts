import { dMemoryAt, memoryAt } from "./backward-elements.js";
import { keySumsTask, keyTask, READ_KEYS, WRITE_KEYS } from "./backward-keys.js";
import { type BackwardContext, cachedValue } from "./backward-plan.js";
import { USAGE_SCALE } from "./functions.js";
import { joinTerms, loopCode, repeatCode } from "./shader.js";
import { maskFactor } from "./variants.js";

/** Backward pass of writing, allocation and usage, equations (B21) to (B32). */
export function writePhases(context: BackwardContext): void {
  const { K } = context.dims;
  vectorsPhase(context);
  for (let k = K - 1; k >= 0; k--) {
    sumsPhase(context, k);
    allocationPhase(context, k);
  }
  contentPhase(context);
}

/** (B22) in parts and (B23), while the old memory replaces the new one; prepares the last head. */
function vectorsPhase(context: BackwardContext): void {
  const { dims, shader, splits, stored } = context;
  const { N, W, K, interfaceLayout, deallocation } = dims;
  const parts = splits.slots;
  const w = (k: number, n: string) => cachedValue(context, "writeWeights", `${k * N}u + ${n}`);
  const others = (k: number, n: string) =>
    joinTerms(K, "*", "1f", (other) => (other === k ? "1f" : `(1f - ${w(other, n)} * erase${other})`));
  const loop = loopCode(
    { index: "n", from: "part", to: `${N}u`, step: parts, overlaps: stored },
    (n, suffix) =>
      `let d${suffix} = ${dMemoryAt(context, n, "i")}; let m${suffix} = memories[oldMemory + (${n}) * ${W}u + i];`,
    (n, suffix) => {
      const retained = deallocation ? ` * ${shader.at("retention", n)}` : "";
      return `let product = d${suffix} * m${suffix}${retained};
${repeatCode(K, (k) => `write${k} += ${w(k, n)} * d${suffix}; forget${k} -= ${w(k, n)} * product * ${others(k, n)};`)}
${dMemoryAt(context, n, "i")} = d${suffix}${retained} * ${joinTerms(K, "*", "1f", (k) => `(1f - ${w(k, n)} * erase${k})`)};
${shader.isShared("memory") ? `${memoryAt(context, "old", n, "i")} = m${suffix};` : ""}`;
    },
  );
  shader.task(
    W * parts,
    `let i = e % ${W}u; let part = e / ${W}u;
${repeatCode(K, (k) => `var write${k} = 0f; var forget${k} = 0f; let erase${k} = ${cachedValue(context, "interface", `${interfaceLayout.eraseVector + k * W}u + i`)};`)}
${loop}
${repeatCode(K, (k) => `${shader.at("vectors", `${2 * k * W * parts}u + e`)} = write${k}; ${shader.at("vectors", `${(2 * k + 1) * W * parts}u + e`)} = forget${k};`)}`,
  );
  if (stored) keySumsTask(context, READ_KEYS);
  const dots = joinTerms(splits.word, "+", "0f", (part) => shader.at("writeDots", `e * ${splits.word}u + ${part}u`));
  const last = (K - 1) * N;
  shader.task(
    K * N,
    `let d = ${shader.at("dWrite", "e")} + ${dots}; ${shader.at("dWrite", "e")} = d;
${K > 1 ? `if (e >= ${last}u) {` : "{"} let n = e - ${last}u;
${K > 1 ? `${shader.at("dSimulated", "n")} = 0f; let dSimulated = 0f;` : ""}
${prepareHead(context, K - 1)}
}`,
  );
  shader.barrier();
}

/** Code of the terms that the sums of head k need for slot `n`; `d` is the gradient of its write weight. */
function prepareHead(context: BackwardContext, k: number): string {
  const { dims, shader } = context;
  const { N, K, interfaceLayout } = dims;
  const gate = (head: number) =>
    `${cachedValue(context, "interface", `${interfaceLayout.allocationGate + head}u`)} * ${cachedValue(context, "interface", `${interfaceLayout.writeGate + head}u`)}`;
  return `var simulated = ${cachedValue(context, "usage", "n")};
${repeatCode(
  k,
  (o) =>
    `simulated = usageAfterAllocation(simulated, ${gate(o)}, freeOf(simulated) * ${cachedValue(context, "rankProduct", `${o * N}u + n`)});`,
)}
let free = freeOf(simulated); let allocation = free * ${cachedValue(context, "rankProduct", `${k * N}u + n`)};
${K > 1 ? `let dAllocated = dSimulated * (1f - simulated); ${shader.at("gateTerms", "n")} = dAllocated * allocation;` : "let dAllocated = 0f;"}
let dAllocation = ${gate(k)} * (d + dAllocated);
${shader.at("free", "n")} = free; ${shader.at("dAllocation", "n")} = dAllocation;
${shader.at("afterTerms", "n")} = dAllocation * allocation;`;
}

/** Sums over slots for head k; with the last head, gradients of write and erase vectors. */
function sumsPhase(context: BackwardContext, k: number): void {
  const { dims, shader, splits } = context;
  const { N, W, K, interfaceLayout, masking } = dims;
  shader.task(
    splits.heads,
    `let size = ${shader.at("keyNorms", `${k}u`)};
${repeatCode(7, (index) => `var q${index} = 0f;`)}
for (var n = e; n < ${N}u; n += ${splits.heads}u) {
let at = ${k * N}u + n; let d = ${shader.at("dWrite", "at")};
let content = ${cachedValue(context, "writeContent", "at")}; let norm = ${masking ? cachedValue(context, "writeNorms", "at") : cachedValue(context, "oldNorms", "n")};
let weighted = content * ${cachedValue(context, "writeSimilarity", "at")}; let scaled = weighted * norm / (size * norm + 1e-6f);
q0 += d * ${shader.at("free", "n")} * ${cachedValue(context, "rankProduct", "at")}; q1 += d * content;
${K > 1 ? `q2 += ${shader.at("gateTerms", "n")};` : ""}
q3 += d * weighted; q4 += weighted; q5 += d * scaled; q6 += scaled;
}
${repeatCode(7, (index) => `${shader.at("headSums", `${index * splits.heads}u + e`)} = q${index};`)}`,
  );
  shader.task(
    N * splits.after,
    `let n = e / ${splits.after}u; let mine = ${shader.at("free", "n")}; var sum = 0f;
for (var m = e % ${splits.after}u; m < ${N}u; m += ${splits.after}u) {
sum += select(0f, ${shader.at("afterTerms", "m")}, ranksBefore(mine, n, ${shader.at("free", "m")}, m));
}
${shader.at("after", "e")} = sum;`,
  );
  if (k === K - 1) {
    const parts = splits.slots;
    const sum = (index: string) =>
      joinTerms(parts, "+", "0f", (part) =>
        shader.at("vectors", `(2u * k + ${index}) * ${W * parts}u + ${part * W}u + i`),
      );
    shader.task(
      K * W,
      `let k = e / ${W}u; let i = e % ${W}u; let erase = ${cachedValue(context, "interface", `${interfaceLayout.eraseVector}u + e`)};
${shader.at("dInterface", `${interfaceLayout.writeVector}u + e`)} = ${sum("0u")};
${shader.at("dInterface", `${interfaceLayout.eraseVector}u + e`)} = ${sum("1u")} * erase * (1f - erase);`,
    );
  }
  shader.barrier();
}

/** Gates, content weighting and allocation of head k; after head 0, usage. */
function allocationPhase(context: BackwardContext, k: number): void {
  const { dims, shader, splits } = context;
  const { N, K, interfaceLayout, masking } = dims;
  const sum = (index: number) =>
    joinTerms(splits.heads, "+", "0f", (part) => shader.at("headSums", `${index * splits.heads + part}u`));
  const gateA = cachedValue(context, "interface", `${interfaceLayout.allocationGate + k}u`);
  const gateW = cachedValue(context, "interface", `${interfaceLayout.writeGate + k}u`);
  const strength = cachedValue(context, "interface", `${interfaceLayout.writeStrength + k}u`);
  const row = `${k * N}u + n`;
  const after = joinTerms(splits.after, "+", "0f", (part) => shader.at("after", `n * ${splits.after}u + ${part}u`));
  shader.task(
    N,
    `let n = e; let size = ${shader.at("keyNorms", `${k}u`)}; let norm = ${masking ? cachedValue(context, "writeNorms", row) : cachedValue(context, "oldNorms", "n")};
let kappa = softplus(${strength}) * (${gateW} * (1f - ${gateA})) * ${cachedValue(context, "writeContent", row)} * (${shader.at("dWrite", row)} - ${sum(1)}) / (size * norm + 1e-6f);
${shader.at("kappa", row)} = kappa;
${shader.at("self", row)} = -kappa * ${cachedValue(context, "writeSimilarity", row)} * size / norm;
let free${k} = ${shader.at("free", "n")}; let rankProduct = ${cachedValue(context, "rankProduct", row)};
let usage${k} = ${K > 1 ? `${shader.at("dSimulated", "n")} * (1f - ${gateA} * ${gateW} * (free${k} * rankProduct)) + ` : ""}${USAGE_SCALE}f * (${after} / fullOf(free${k}) - ${shader.at("dAllocation", "n")} * rankProduct);
${
  k > 0
    ? `${shader.at("dSimulated", "n")} = usage${k}; let dSimulated = usage${k}; let d = ${shader.at("dWrite", `${(k - 1) * N}u + n`)};
${prepareHead(context, k - 1)}`
    : usageCode(context)
}`,
  );
  shader.task(
    1,
    `let gateA = ${gateA}; let gateW = ${gateW}; let da = ${sum(0)}; let dc = ${sum(1)}; let dGate = ${sum(2)};
${shader.at("dInterface", `${interfaceLayout.allocationGate + k}u`)} = gateW * (da - dc + dGate) * gateA * (1f - gateA);
${shader.at("dInterface", `${interfaceLayout.writeGate + k}u`)} = (gateA * (da + dGate) + (1f - gateA) * dc) * gateW * (1f - gateW);
let chosen = gateW * (1f - gateA);
${shader.at("dInterface", `${interfaceLayout.writeStrength + k}u`)} = chosen * (${sum(3)} - dc * ${sum(4)}) * sigmoid(${strength});
${shader.at("writeScales", `${k}u`)} = softplus(${strength}) * chosen * (${sum(5)} - dc * ${sum(6)}) / ${shader.at("keyNorms", `${k}u`)};`,
  );
  shader.barrier();
}

/** Code of (B30) and (B31) for slot `n`; `usage0` is the gradient of its usage from the write heads. */
function usageCode(context: BackwardContext): string {
  const { dims, shader, splits } = context;
  const { N, R, K, interfaceLayout, deallocation } = dims;
  const kept = () =>
    joinTerms(splits.word, "+", "0f", (part) => shader.at("retentionDots", `n * ${splits.word}u + ${part}u`));
  const retention = (r: number) => `retention${r}`;
  const others = (r: number) => joinTerms(R, "*", "1f", (other) => (other === r ? "1f" : retention(other)));
  return `let d = ${shader.at("dUsage", "n")} + usage0; let old = ${cachedValue(context, "oldUsage", "n")};
let unwritten = ${joinTerms(K, "*", "1f", (k) => `(1f - ${cachedValue(context, "oldWriteWeights", `${k * N}u + n`)})`)};
let filled = d * usageAfterWrites(old, unwritten)${deallocation ? ` + ${kept()}` : ""};
${repeatCode(
  R,
  (
    r,
  ) => `let gate${r} = ${cachedValue(context, "interface", `${interfaceLayout.freeGate + r}u`)}; let read${r} = ${cachedValue(context, "oldReadWeights", `${r * N}u + n`)};
let retention${r} = 1f - gate${r} * read${r};`,
)}
${repeatCode(
  R,
  (r) => `let other${r} = filled * ${others(r)}; ${shader.at("freeGateTerms", `${r * N}u + n`)} = other${r} * read${r};
${shader.at("dRead", `${r * N}u + n`)} -= gate${r} * other${r};`,
)}
${shader.at("dUsage", "n")} = d * ${joinTerms(R, "*", "1f", retention)} * unwritten;`;
}

/** Gradients of the old memory and the keys from the content weighting of the write heads; free gates. */
function contentPhase(context: BackwardContext): void {
  const { shader, stored } = context;
  comparedTask(context);
  keyTask(context, WRITE_KEYS);
  freeGatesTask(context);
  shader.barrier();
  if (!stored) return;
  keySumsTask(context, WRITE_KEYS);
  freeGateSumsTask(context);
  shader.barrier();
}

/** Gradients of the old memory. */
function comparedTask(context: BackwardContext): void {
  const { dims, shader, stored } = context;
  const { N, W, K, interfaceLayout, masking } = dims;
  const { writeKey, writeMask } = interfaceLayout;
  const compared = (k: number, n: string, i: string, m: string) => {
    const terms = `${shader.at("kappa", `${k * N}u + ${n}`)} * ${cachedValue(context, "interface", `${writeKey + k * W}u + ${i}`)} + ${shader.at("self", `${k * N}u + ${n}`)} * ${m}`;
    if (!masking) return terms;
    return `(${terms})${maskFactor(dims, cachedValue(context, "interface", `${writeMask + k * W}u + ${i}`))}`;
  };
  const loop = loopCode(
    { index: "e", from: "tid", to: `${N * W}u`, step: shader.threads, overlaps: stored },
    (e, suffix) =>
      `let n${suffix} = ${e} / ${W}u; let i${suffix} = ${e} % ${W}u; let d${suffix} = ${dMemoryAt(context, `n${suffix}`, `i${suffix}`)}; let m${suffix} = ${memoryAt(context, "old", `n${suffix}`, `i${suffix}`)};`,
    (_, suffix) =>
      `${dMemoryAt(context, `n${suffix}`, `i${suffix}`)} = d${suffix} + ${joinTerms(K, "+", "0f", (k) => compared(k, `n${suffix}`, `i${suffix}`, `m${suffix}`))};`,
  );
  shader.line(`{\n${loop}\n}`);
}

/** Gradients of the free gates; if the memory is in its buffer, the sums that they consist of, in parts. */
function freeGatesTask(context: BackwardContext): void {
  const { dims, shader, splits, stored } = context;
  const { N, R } = dims;
  const parts = stored ? splits.heads : 1;
  shader.task(
    R * parts,
    `var sum = 0f;
for (var n = e % ${parts}u; n < ${N}u; n += ${parts}u) { sum += ${shader.at("freeGateTerms", `e / ${parts}u * ${N}u + n`)}; }
${stored ? `${shader.at("freeGateParts", "e")} = sum;` : freeGateCode(context)}`,
  );
}

function freeGateSumsTask(context: BackwardContext): void {
  const { dims, shader, splits } = context;
  const parts = splits.heads;
  const sum = joinTerms(parts, "+", "0f", (part) => shader.at("freeGateParts", `e * ${parts}u + ${part}u`));
  shader.task(dims.R, `let sum = ${sum};\n${freeGateCode(context)}`);
}

function freeGateCode(context: BackwardContext): string {
  const at = `${context.dims.interfaceLayout.freeGate}u + e`;
  return `let gate = ${cachedValue(context, "interface", at)};\n${context.shader.at("dInterface", at)} = -sum * gate * (1f - gate);`;
}
