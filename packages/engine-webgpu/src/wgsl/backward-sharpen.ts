import { type BackwardContext, cachedValue } from "./backward-plan.js";
import { joinTerms } from "./shader.js";

const DIRECTIONS = ["forward", "backward"] as const;

/** Numbers of a direction, a head and a part of the slots: three sums, and the gradient that is subtracted. */
const SUMS = 4;

/**
 * Backward pass of sharpening: from the gradients of the read weights to those of the weights before it and of the powers.
 * With S = softmax(s l), l = log((d + e) / max(d + e)), G the gradient of S and G' = G - sum of G S:
 *
 *     dd = s G' S / (d + e),   ds = sum of G' S l
 *
 * From G that of the slot with the largest d is subtracted first, which changes nothing in exact arithmetic: where S is sharp, G' is
 * a small difference of large numbers, and 1 / (d + e) magnifies its rounding.
 */
export function sharpenPhases(context: BackwardContext): void {
  const { dims, shader, splits } = context;
  const { N, R, K, interfaceLayout, modes } = dims;
  const parts = splits.heads;
  const sums = (direction: number, index: number, row: string, part: string) =>
    shader.at("sharpnessSums", `${(SUMS * direction + index) * R * K * parts}u + ${row} * ${parts}u + ${part}`);
  for (const [direction, name] of DIRECTIONS.entries())
    shader.task(
      R * K * parts,
      `let row = e / ${parts}u; let r = row / ${K}u; var q0 = 0f; var q1 = 0f; var q2 = 0f; var q3 = 0f; var largest = -1f;
for (var n = 0u; n < ${N}u; n++) {
let raw = ${cachedValue(context, `${name}Raw`, `row * ${N}u + n`)};
if (raw > largest) { largest = raw; q3 = ${shader.at("dRead", `r * ${N}u + n`)}; }
}
for (var n = e % ${parts}u; n < ${N}u; n += ${parts}u) {
let sharp = ${cachedValue(context, name, `row * ${N}u + n`)}; let weighted = sharp * (${shader.at("dRead", `r * ${N}u + n`)} - q3);
let logarithm = log_((${cachedValue(context, `${name}Raw`, `row * ${N}u + n`)} + 1e-6f) / (largest + 1e-6f));
q0 += weighted; q1 += weighted * logarithm; q2 += sharp * logarithm;
}
${[0, 1, 2, 3].map((index) => `${sums(direction, index, "row", `e % ${parts}u`)} = q${index};`).join(" ")}`,
    );
  shader.barrier();
  for (const [direction, name] of DIRECTIONS.entries()) {
    const first = interfaceLayout[`${name}Sharpness`];
    const sum = (index: number) => joinTerms(parts, "+", "0f", (part) => sums(direction, index, "row", `${part}u`));
    const mode = cachedValue(
      context,
      "interface",
      `${interfaceLayout.readMode + (name === "forward" ? K : 0)}u + r * ${modes}u + row % ${K}u`,
    );
    const raw = cachedValue(context, "interface", `${first}u + row`);
    shader.task(
      R * K * N,
      `let n = e % ${N}u; let row = e / ${N}u; let r = row / ${K}u;
let centered = ${mode} * (${shader.at("dRead", `r * ${N}u + n`)} - ${sums(direction, 3, "row", "0u")} - ${sum(0)}) * ${cachedValue(context, name, "e")};
${shader.at(name === "forward" ? "dForward" : "dBackward", "e")} = (1f + softplus(${raw})) * centered / (${cachedValue(context, `${name}Raw`, "e")} + 1e-6f);`,
    );
    shader.task(
      R * K,
      `let row = e; let r = row / ${K}u;
${shader.at("dInterface", `${first}u + e`)} = ${mode} * (${sum(1)} - ${sum(0)} * ${sum(2)}) * sigmoid(${raw});`,
    );
  }
  shader.barrier();
}
