import { contentWeight, statisticsTask } from "./forward-content.js";
import { linkAt, memoryAt } from "./forward-elements.js";
import type { ForwardContext } from "./forward-plan.js";
import type { Records } from "./records.js";
import { joined, repeated } from "./shader.js";

/** Reading: the way backward along the new link, content weights, read weights, words. */
export function readPhases(context: ForwardContext, records: Records): void {
  followPhase(context, records);
  weightsPhase(context, records);
  wordsPhases(context, records);
}

function followPhase(context: ForwardContext, records: Records): void {
  const { dims, shader, splits } = context;
  const { N, R, K, face } = dims;
  const parts = splits.reading;
  const norm = joined(parts, "+", "0f", (part) => shader.at("dots", `(${R * N}u + n) * ${parts}u + ${part}u`));
  if (splits.statistics > 0) {
    // The norms are needed by whoever makes statistics: they come one barrier before.
    shader.task(N, `let n = e; let norm = sqrt(${norm} + 1e-6f); ${keepNorm(context, records)}`);
    followTask(context);
    precedenceTask(context, records);
    shader.barrier();
    statisticsTask(context, { heads: R, from: "dots", parts, strength: face.readStrength, firstKey: K });
    shader.barrier();
    return;
  }
  shader.task(
    R * N,
    `let n = e % ${N}u; let r = e / ${N}u; let norm = sqrt(${norm} + 1e-6f);
if (r == 0u) { ${keepNorm(context, records)} }
let dot = ${joined(parts, "+", "0f", (part) => shader.at("dots", `e * ${parts}u + ${part}u`))};
${shader.at("similarity", "e")} = dot / (${shader.at("keyNorms", `${K}u + r`)} * norm + 1e-6f);`,
  );
  followTask(context);
  precedenceTask(context, records);
  shader.barrier();
}

function keepNorm({ shader }: ForwardContext, records: Records): string {
  return `${shader.at("norms", "n")} = norm; ${records.state("norms", "(t + 1u)", "n")} = norm;`;
}

/**
 * Where read heads arrive by the new link, both ways. Each sum is one chain: slots that nothing tells apart get the same bits, as
 * in a product of matrices, and so they are ties to the allocation later.
 */
function followTask(context: ForwardContext): void {
  const { dims, shader } = context;
  const { N, R, K } = dims;
  for (const way of ["forward", "backward"] as const) {
    const [row, column] = way === "forward" ? ["n", "m"] : ["m", "n"];
    shader.task(
      R * K * N,
      `let n = e % ${N}u; let k = (e / ${N}u) % ${K}u; let r = e / ${K * N}u;
var sum = 0f;
for (var m = 0u; m < ${N}u; m++) {
sum += ${linkAt(context, "new", `k * ${N}u + ${row}`, column)} * ${shader.at("readWeights", `r * ${N}u + m`)};
}
${shader.at(way, "e")} = sum;`,
    );
  }
}

function precedenceTask({ dims, shader }: ForwardContext, records: Records): void {
  const { N, K } = dims;
  shader.task(
    K * N,
    `let k = e / ${N}u;
let rest = 1f - ${joined(8, "+", "0f", (part) => shader.at("writeSums", `8u * k + ${part}u`))};
let next = rest * ${shader.at("precedence", "e")} + ${shader.at("writeWeights", "e")};
${shader.at("precedence", "e")} = next; ${records.state("precedence", "(t + 1u)", "e")} = next;`,
  );
}

function weightsPhase(context: ForwardContext, records: Records): void {
  const { dims, shader } = context;
  const { N, R, K, face, modes } = dims;
  const mode = (index: number) => shader.at("face", `${face.mode}u + r * ${modes}u + ${index}u`);
  const way = (name: "forward" | "backward", k: number) => shader.at(name, `r * ${K * N}u + ${k * N}u + n`);
  const step = (name: "forward" | "backward", k: number) => records.step(name, "at", `r * ${K * N}u + ${k * N}u + n`);
  shader.task(
    R * N,
    `let n = e % ${N}u; let r = e / ${N}u;
${contentWeight(context, face.readStrength, "r", "n")}
var weight = ${mode(2 * K)} * content;
${repeated(
  K,
  (k) => `let f${k} = ${way("forward", k)}; let b${k} = ${way("backward", k)};
weight += ${mode(K + k)} * f${k} + ${mode(k)} * b${k};
${step("forward", k)} = f${k}; ${step("backward", k)} = b${k};`,
)}
${shader.at("readWeights", "e")} = weight;
${records.state("readWeights", "(t + 1u)", "e")} = weight;
${records.step("readContent", "at", "e")} = content;
${records.step("readSimilarity", "at", "e")} = similarity;`,
  );
  shader.barrier();
}

function wordsPhases(context: ForwardContext, records: Records): void {
  const { dims, shader, splits } = context;
  const { X, RW, N, W } = dims;
  const parts = splits.words;
  const put = (word: string) =>
    `${shader.at("row", `${X}u + e`)} = ${word}; ${records.state("words", "(t + 1u)", "e")} = ${word};`;
  shader.task(
    RW * parts,
    `let place = e % ${RW}u; let part = e / ${RW}u; let i = place % ${W}u; let r = place / ${W}u;
var word = 0f;
for (var n = part; n < ${N}u; n += ${parts}u) {
word += ${shader.at("readWeights", `r * ${N}u + n`)} * ${memoryAt(context, "new", "n", "i")};
}
${parts > 1 ? `${shader.at("partial", "e")} = word;` : put("word")}`,
  );
  shader.task(
    X,
    `if (t + 1u < dims.time) { ${shader.at("row", "e")} = inputs[((t + 1u) * dims.batch + b) * ${X}u + e]; }`,
  );
  shader.barrier();
  if (parts === 1) return;
  shader.task(
    RW,
    `let word = ${joined(parts, "+", "0f", (part) => shader.at("partial", `${part * RW}u + e`))};\n${put("word")}`,
  );
  shader.barrier();
}
