import { dMemoryAt, memoryAt } from "./backward-elements.js";
import { type BackwardContext, known } from "./backward-plan.js";
import { USAGE_SCALE } from "./functions.js";
import { joined, repeated } from "./shader.js";

/** Back through writing, allocation and usage: equations (B21) to (B32). */
export function writePhases(context: BackwardContext): void {
  const { K } = context.dims;
  vectorsPhase(context);
  for (let k = K - 1; k >= 0; k--) {
    sumsPhase(context, k);
    allocationPhase(context, k);
  }
  contentPhase(context);
}

/** (B22) in parts, (B23), with the old memory taking the new one's place; and the last head made ready. */
function vectorsPhase(context: BackwardContext): void {
  const { dims, shader, splits } = context;
  const { N, W, K, face } = dims;
  const parts = splits.slots;
  const w = (k: number) => known(context, "writeWeights", `${k * N}u + n`);
  const erase = (k: number) => `erase${k}`;
  const others = (k: number) =>
    joined(K, "*", "1f", (other) => (other === k ? "1f" : `(1f - ${w(other)} * ${erase(other)})`));
  shader.task(
    W * parts,
    `let i = e % ${W}u; let part = e / ${W}u;
${repeated(K, (k) => `var write${k} = 0f; var forget${k} = 0f; let erase${k} = ${known(context, "face", `${face.erase + k * W}u + i`)};`)}
for (var n = part; n < ${N}u; n += ${parts}u) {
let d = ${dMemoryAt(context, "n", "i")}; let m = memories[oldMemory + n * ${W}u + i]; let product = d * m;
${repeated(K, (k) => `write${k} += ${w(k)} * d; forget${k} -= ${w(k)} * product * ${others(k)};`)}
${dMemoryAt(context, "n", "i")} = d * ${joined(K, "*", "1f", (k) => `(1f - ${w(k)} * ${erase(k)})`)};
${shader.isShared("memory") ? `${memoryAt(context, "old", "n", "i")} = m;` : ""}
}
${repeated(K, (k) => `${shader.at("vectors", `${2 * k * W * parts}u + e`)} = write${k}; ${shader.at("vectors", `${(2 * k + 1) * W * parts}u + e`)} = forget${k};`)}`,
  );
  const dots = joined(splits.word, "+", "0f", (part) => shader.at("writeDots", `e * ${splits.word}u + ${part}u`));
  const last = (K - 1) * N;
  shader.task(
    K * N,
    `let d = ${shader.at("dWrite", "e")} + ${dots}; ${shader.at("dWrite", "e")} = d;
${K > 1 ? `if (e >= ${last}u) {` : "{"} let n = e - ${last}u;
${K > 1 ? `${shader.at("dSimulated", "n")} = 0f; let dSimulated = 0f;` : ""}
${readyHead(context, K - 1)}
}`,
  );
  shader.barrier();
}

/** What the sums of head k need of slot `n`, whose gradient to its write weight is `d`. */
function readyHead(context: BackwardContext, k: number): string {
  const { dims, shader } = context;
  const { N, K, face } = dims;
  const gate = (head: number) =>
    `${known(context, "face", `${face.alloc + head}u`)} * ${known(context, "face", `${face.gate + head}u`)}`;
  return `var simulated = ${known(context, "usage", "n")};
${repeated(
  k,
  (o) => `simulated = takenBy(simulated, ${gate(o)}, freeOf(simulated) * ${known(context, "share", `${o * N}u + n`)});`,
)}
let free = freeOf(simulated); let allocation = free * ${known(context, "share", `${k * N}u + n`)};
${K > 1 ? `let through = dSimulated * (1f - simulated); ${shader.at("through", "n")} = through * allocation;` : "let through = 0f;"}
let dAllocation = ${gate(k)} * (d + through);
${shader.at("free", "n")} = free; ${shader.at("dAllocation", "n")} = dAllocation;
${shader.at("taken", "n")} = dAllocation * allocation;`;
}

/** Sums over the slots for head k; with the last head, the interface's vectors. */
function sumsPhase(context: BackwardContext, k: number): void {
  const { dims, shader, splits } = context;
  const { N, W, K, face } = dims;
  shader.task(
    splits.heads,
    `let size = ${shader.at("keyNorms", `${k}u`)};
${repeated(7, (index) => `var q${index} = 0f;`)}
for (var n = e; n < ${N}u; n += ${splits.heads}u) {
let at = ${k * N}u + n; let d = ${shader.at("dWrite", "at")};
let content = ${known(context, "writeContent", "at")}; let norm = ${known(context, "oldNorms", "n")};
let weighted = content * ${known(context, "writeSimilarity", "at")}; let scaled = weighted * norm / (size * norm + 1e-6f);
q0 += d * ${shader.at("free", "n")} * ${known(context, "share", "at")}; q1 += d * content;
${K > 1 ? `q2 += ${shader.at("through", "n")};` : ""}
q3 += d * weighted; q4 += weighted; q5 += d * scaled; q6 += scaled;
}
${repeated(7, (index) => `${shader.at("headSums", `${index * splits.heads}u + e`)} = q${index};`)}`,
  );
  shader.task(
    N * splits.after,
    `let n = e / ${splits.after}u; let mine = ${shader.at("free", "n")}; var sum = 0f;
for (var m = e % ${splits.after}u; m < ${N}u; m += ${splits.after}u) {
sum += select(0f, ${shader.at("taken", "m")}, isBefore(mine, n, ${shader.at("free", "m")}, m));
}
${shader.at("after", "e")} = sum;`,
  );
  if (k === K - 1) {
    const parts = splits.slots;
    const sum = (index: string) =>
      joined(parts, "+", "0f", (part) =>
        shader.at("vectors", `(2u * k + ${index}) * ${W * parts}u + ${part * W}u + i`),
      );
    shader.task(
      K * W,
      `let k = e / ${W}u; let i = e % ${W}u; let erase = ${known(context, "face", `${face.erase}u + e`)};
${shader.at("dFace", `${face.write}u + e`)} = ${sum("0u")};
${shader.at("dFace", `${face.erase}u + e`)} = ${sum("1u")} * erase * (1f - erase);`,
    );
  }
  shader.barrier();
}

/** Head k's gates, content weighting and allocation; after the first head, usage. */
function allocationPhase(context: BackwardContext, k: number): void {
  const { dims, shader, splits } = context;
  const { N, K, face } = dims;
  const sum = (index: number) =>
    joined(splits.heads, "+", "0f", (part) => shader.at("headSums", `${index * splits.heads + part}u`));
  const gateA = known(context, "face", `${face.alloc + k}u`);
  const gateW = known(context, "face", `${face.gate + k}u`);
  const strength = known(context, "face", `${face.writeStrength + k}u`);
  const row = `${k * N}u + n`;
  const after = joined(splits.after, "+", "0f", (part) => shader.at("after", `n * ${splits.after}u + ${part}u`));
  shader.task(
    N,
    `let n = e; let size = ${shader.at("keyNorms", `${k}u`)}; let norm = ${known(context, "oldNorms", "n")};
let kappa = softplus(${strength}) * (${gateW} * (1f - ${gateA})) * ${known(context, "writeContent", row)} * (${shader.at("dWrite", row)} - ${sum(1)}) / (size * norm + 1e-6f);
${shader.at("kappa", row)} = kappa;
${shader.at("self", row)} = -kappa * ${known(context, "writeSimilarity", row)} * size / norm;
let free${k} = ${shader.at("free", "n")}; let share = ${known(context, "share", row)};
let usage${k} = ${K > 1 ? `${shader.at("dSimulated", "n")} * (1f - ${gateA} * ${gateW} * (free${k} * share)) + ` : ""}${USAGE_SCALE}f * (${after} / fullOf(free${k}) - ${shader.at("dAllocation", "n")} * share);
${
  k > 0
    ? `${shader.at("dSimulated", "n")} = usage${k}; let dSimulated = usage${k}; let d = ${shader.at("dWrite", `${(k - 1) * N}u + n`)};
${readyHead(context, k - 1)}`
    : usageCode(context)
}`,
  );
  shader.task(
    1,
    `let gateA = ${gateA}; let gateW = ${gateW}; let da = ${sum(0)}; let dc = ${sum(1)}; let dGate = ${sum(2)};
${shader.at("dFace", `${face.alloc + k}u`)} = gateW * (da - dc + dGate) * gateA * (1f - gateA);
${shader.at("dFace", `${face.gate + k}u`)} = (gateA * (da + dGate) + (1f - gateA) * dc) * gateW * (1f - gateW);
let chosen = gateW * (1f - gateA);
${shader.at("dFace", `${face.writeStrength + k}u`)} = chosen * (${sum(3)} - dc * ${sum(4)}) * sigmoid(${strength});
${shader.at("writeScales", `${k}u`)} = softplus(${strength}) * chosen * (${sum(5)} - dc * ${sum(6)}) / ${shader.at("keyNorms", `${k}u`)};`,
  );
  shader.barrier();
}

/** (B30) and (B31) for slot `n`; `usage0` is what the write heads send to its usage. */
function usageCode(context: BackwardContext): string {
  const { dims, shader } = context;
  const { N, R, K, face } = dims;
  const retained = (r: number) => `kept${r}`;
  const others = (r: number) => joined(R, "*", "1f", (other) => (other === r ? "1f" : retained(other)));
  return `let d = ${shader.at("dUsage", "n")} + usage0; let old = ${known(context, "oldUsage", "n")};
let unwritten = ${joined(K, "*", "1f", (k) => `(1f - ${known(context, "oldWriteWeights", `${k * N}u + n`)})`)};
let filled = d * filledBy(old, unwritten);
${repeated(
  R,
  (
    r,
  ) => `let gate${r} = ${known(context, "face", `${face.free + r}u`)}; let read${r} = ${known(context, "oldReadWeights", `${r * N}u + n`)};
let kept${r} = 1f - gate${r} * read${r};`,
)}
${repeated(
  R,
  (r) => `let other${r} = filled * ${others(r)}; ${shader.at("freed", `${r * N}u + n`)} = other${r} * read${r};
${shader.at("dRead", `${r * N}u + n`)} -= gate${r} * other${r};`,
)}
${shader.at("dUsage", "n")} = d * ${joined(R, "*", "1f", retained)} * unwritten;`;
}

/** What content weighting for writing sends to the old memory and the keys; free gates. */
function contentPhase(context: BackwardContext): void {
  const { dims, shader } = context;
  const { N, W, R, K, face } = dims;
  shader.task(
    N * W,
    `let n = e / ${W}u; let i = e % ${W}u;
${dMemoryAt(context, "n", "i")} += ${joined(K, "+", "0f", (k) => `${shader.at("kappa", `${k * N}u + n`)} * ${known(context, "face", `${face.writeKey + k * W}u + i`)} + ${shader.at("self", `${k * N}u + n`)} * ${memoryAt(context, "old", "n", "i")}`)};`,
  );
  shader.task(
    K * W,
    `let i = e % ${W}u; let k = e / ${W}u;
var sum = -${shader.at("writeScales", "k")} * ${known(context, "face", `${face.writeKey}u + e`)};
for (var n = 0u; n < ${N}u; n++) { sum += ${shader.at("kappa", `k * ${N}u + n`)} * ${memoryAt(context, "old", "n", "i")}; }
${shader.at("dFace", `${face.writeKey}u + e`)} = sum;`,
  );
  shader.task(
    R,
    `var sum = 0f; let gate = ${known(context, "face", `${face.free}u + e`)};
for (var n = 0u; n < ${N}u; n++) { sum += ${shader.at("freed", `e * ${N}u + n`)}; }
${shader.at("dFace", `${face.free}u + e`)} = -sum * gate * (1f - gate);`,
  );
  shader.barrier();
}
