import { contentWeight, statisticsTask } from "./forward-content.js";
import { nextInput } from "./forward-controller.js";
import { memoryAt } from "./forward-elements.js";
import { directionalTasks, sumTask } from "./forward-link.js";
import type { ForwardContext } from "./forward-plan.js";
import type { Records } from "./records.js";
import { joinTerms, loopCode, repeatCode } from "./shader.js";

/** Forward pass of reading: directional weights, content weights, read weights, words. */
export function readPhases(context: ForwardContext, records: Records): void {
  directionalPhase(context, records);
  weightsPhase(context, records);
  wordsPhases(context, records);
}

/** Norms of the new memory, similarities of read keys, directional weights and precedence. */
function directionalPhase(context: ForwardContext, records: Records): void {
  const { dims, shader, splits } = context;
  const { N, R, K, interfaceLayout, links, masking, sharpness } = dims;
  const parts = splits.reading;
  const squares = (head: string) =>
    joinTerms(parts, "+", "0f", (part) => shader.at("dots", `((${R}u + ${head}) * ${N}u + n) * ${parts}u + ${part}u`));
  const norm = joinTerms(parts, "+", "0f", (part) => shader.at("dots", `(${R * N}u + n) * ${parts}u + ${part}u`));
  if (splits.statistics > 0) {
    // The statistics need the norms, so these come one phase earlier.
    if (!masking) shader.task(N, `let n = e; let norm = sqrt(${norm} + 1e-6f); ${saveNorm(context, records)}`);
    if (links) directionalTasks(context);
    if (links) precedenceTask(context, records);
    if (links || !masking) shader.barrier();
    if (splits.link > 0) sumTask(context, "forward");
    if (splits.link > 0 && sharpness) shader.barrier();
    const heads = { heads: R, from: "dots", parts, strength: interfaceLayout.readStrength, firstKey: K };
    const norms = { squares: squares("head"), norm: records.step("readNorms", "at", `head * ${N}u + n`) };
    statisticsTask(context, { ...heads, ...(masking && norms) });
    sharpeningTasks(context, records);
    shader.barrier();
    combinePhase(context);
    return;
  }
  shader.task(
    R * N,
    `let n = e % ${N}u; let r = e / ${N}u; let norm = sqrt(${masking ? squares("r") : norm} + 1e-6f);
${masking ? `${records.step("readNorms", "at", "e")} = norm;` : `if (r == 0u) { ${saveNorm(context, records)} }`}
let dot = ${joinTerms(parts, "+", "0f", (part) => shader.at("dots", `e * ${parts}u + ${part}u`))};
${shader.at("similarity", "e")} = dot / (${shader.at("keyNorms", `${K}u + r`)} * norm + 1e-6f);`,
  );
  if (links) directionalTasks(context);
  if (links) precedenceTask(context, records);
  shader.barrier();
  if (splits.sharpening === 0) return;
  sharpeningTasks(context, records);
  shader.barrier();
  combinePhase(context);
}

function saveNorm({ shader }: ForwardContext, records: Records): string {
  return `${shader.at("norms", "n")} = norm; ${records.state("norms", "(t + 1u)", "n")} = norm;`;
}

/** Largest value and sum of each range of slots for the weights to be sharpened. */
function sharpeningTasks({ dims, shader, splits }: ForwardContext, records: Records): void {
  const { N, R, K, interfaceLayout } = dims;
  const parts = splits.sharpening;
  if (parts === 0) return;
  for (const [index, direction] of (["forward", "backward"] as const).entries()) {
    const saved = direction === "forward" ? "forwardRaw" : "backwardRaw";
    const first = direction === "forward" ? interfaceLayout.forwardSharpness : interfaceLayout.backwardSharpness;
    const weight = shader.at(direction, `row * ${N}u + n`);
    shader.task(
      R * K * parts,
      `let row = e / ${parts}u; let part = e % ${parts}u; let power = 1f + softplus(${shader.at("interface", `${first}u + row`)});
var largest = 0f; var sum = 0f;
for (var n = part; n < ${N}u; n += ${parts}u) {
${records.step(saved, "at", `row * ${N}u + n`)} = ${weight};
largest = max(largest, ${weight} + 1e-6f);
}
for (var n = part; n < ${N}u; n += ${parts}u) { sum += exp(power * log_((${weight} + 1e-6f) / largest)); }
${shader.at("sharpening", `${2 * index * R * K * parts}u + 2u * e`)} = largest;
${shader.at("sharpening", `${2 * index * R * K * parts}u + 2u * e + 1u`)} = sum;`,
    );
  }
}

/** Combines the ranges: largest value and sum of all, in the place of the first. */
function combinePhase({ dims, shader, splits }: ForwardContext): void {
  const { R, K, interfaceLayout } = dims;
  const parts = splits.sharpening;
  if (parts === 0) return;
  const [first, second] = [interfaceLayout.forwardSharpness, interfaceLayout.backwardSharpness];
  const start = (part: string) => `2u * (e * ${parts}u + ${part})`;
  shader.task(
    2 * R * K,
    `let column = select(${first}u + e, ${second}u + e - ${R * K}u, e >= ${R * K}u);
let power = 1f + softplus(${shader.at("interface", "column")}); var most = 0f; var total = 0f;
for (var part = 0u; part < ${parts}u; part++) { most = max(most, ${shader.at("sharpening", start("part"))}); }
for (var part = 0u; part < ${parts}u; part++) { total += ${shader.at("sharpening", `${start("part")} + 1u`)} * exp(power * log_(${shader.at("sharpening", start("part"))} / most)); }
${shader.at("sharpening", start("0u"))} = most; ${shader.at("sharpening", `${start("0u")} + 1u`)} = total;`,
  );
  shader.barrier();
}

/** Code that replaces the variable `weight` of slot `n` of read head `r` and write head `k` by its sharpened value. */
function sharpenCode(
  { dims, shader, splits }: ForwardContext,
  name: "forward" | "backward",
  k: number,
  weight: string,
) {
  const { R, K, interfaceLayout } = dims;
  const first = name === "forward" ? interfaceLayout.forwardSharpness : interfaceLayout.backwardSharpness;
  const start = `2u * (${name === "forward" ? 0 : R * K}u + r * ${K}u + ${k}u) * ${splits.sharpening}u`;
  return `{ let power = 1f + softplus(${shader.at("interface", `${first}u + r * ${K}u + ${k}u`)});
${weight} = exp(power * log_((${weight} + 1e-6f) / ${shader.at("sharpening", start)})) / ${shader.at("sharpening", `${start} + 1u`)}; }`;
}

function precedenceTask({ dims, shader }: ForwardContext, records: Records): void {
  const { N, K } = dims;
  shader.task(
    K * N,
    `let k = e / ${N}u;
let rest = 1f - ${joinTerms(8, "+", "0f", (part) => shader.at("writeSums", `8u * k + ${part}u`))};
let next = rest * ${shader.at("precedence", "e")} + ${shader.at("writeWeights", "e")};
${shader.at("precedence", "e")} = next; ${records.state("precedence", "(t + 1u)", "e")} = next;`,
  );
}

/** Read weights. */
function weightsPhase(context: ForwardContext, records: Records): void {
  const { dims, shader } = context;
  const { N, R, K, interfaceLayout, modes, links, sharpness } = dims;
  const mode = (index: number) => shader.at("interface", `${interfaceLayout.readMode}u + r * ${modes}u + ${index}u`);
  const directional = (name: "forward" | "backward", k: number) => shader.at(name, `r * ${K * N}u + ${k * N}u + n`);
  const step = (name: "forward" | "backward", k: number) => records.step(name, "at", `r * ${K * N}u + ${k * N}u + n`);
  const followed = (name: "forward" | "backward", to: string, k: number) =>
    sharpness
      ? `var ${to} = ${directional(name, k)}; ${sharpenCode(context, name, k, to)}`
      : `let ${to} = ${directional(name, k)};`;
  shader.task(
    R * N,
    `let n = e % ${N}u; let r = e / ${N}u;
${contentWeight(context, interfaceLayout.readStrength, "r", "n")}
var weight = ${links ? `${mode(2 * K)} * content` : "content"};
${repeatCode(
  links ? K : 0,
  (k) => `${followed("forward", `f${k}`, k)} ${followed("backward", `b${k}`, k)}
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

/** Words read, and the input of the next step. */
function wordsPhases(context: ForwardContext, records: Records): void {
  const { dims, shader, splits, stored } = context;
  const { X, RW, N, W } = dims;
  const parts = splits.words;
  const put = (word: string) =>
    `${shader.at("row", `${X}u + e`)} = ${word}; ${records.state("words", "(t + 1u)", "e")} = ${word};`;
  const loop = loopCode(
    { index: "n", from: "part", to: `${N}u`, step: parts, overlaps: stored },
    (n, suffix) => `let m${suffix} = ${memoryAt(context, "new", n, "i")};`,
    (n, suffix) => `word += ${shader.at("readWeights", `r * ${N}u + ${n}`)} * m${suffix};`,
  );
  shader.task(
    RW * parts,
    `let place = e % ${RW}u; let part = e / ${RW}u; let i = place % ${W}u; let r = place / ${W}u;
var word = 0f;
${loop}
${parts > 1 ? `${shader.at("partial", "e")} = word;` : put("word")}`,
  );
  shader.task(X, nextInput(context));
  shader.barrier();
  if (parts === 1) return;
  shader.task(
    RW,
    `let word = ${joinTerms(parts, "+", "0f", (part) => shader.at("partial", `${part * RW}u + e`))};\n${put("word")}`,
  );
  shader.barrier();
}
