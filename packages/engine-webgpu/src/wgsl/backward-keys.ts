import { memoryAt } from "./backward-elements.js";
import { type BackwardContext, cachedValue } from "./backward-plan.js";
import { joinTerms, loopCode } from "./shader.js";
import { maskFactor } from "./variants.js";

/** The heads whose keys are compared with the memory: with the new one for reading, with the old one for writing. */
interface Heads {
  readonly heads: "R" | "K";
  readonly age: "old" | "new";
  readonly key: "readKey" | "writeKey";
  readonly mask: "readMask" | "writeMask";
  readonly scales: "readScales" | "writeScales";
  /** Number of parts of each sum, and array of the parts. */
  readonly splits: "readKeys" | "writeKeys";
  readonly parts: "readKeyParts" | "writeKeyParts";
}

export const READ_KEYS: Heads = {
  heads: "R",
  age: "new",
  key: "readKey",
  mask: "readMask",
  scales: "readScales",
  splits: "readKeys",
  parts: "readKeyParts",
};

export const WRITE_KEYS: Heads = {
  heads: "K",
  age: "old",
  key: "writeKey",
  mask: "writeMask",
  scales: "writeScales",
  splits: "writeKeys",
  parts: "writeKeyParts",
};

/**
 * Writes the task for the sums over slots that the gradients of keys and masks consist of, and for these gradients. If the memory is in
 * its buffer, the sums are in parts: `keySumsTask` has to follow in the next phase.
 */
export function keyTask(context: BackwardContext, heads: Heads): void {
  const { dims, shader, splits, stored } = context;
  const { N, W, masking } = dims;
  const count = dims[heads.heads] * W;
  const parts = splits[heads.splits];
  const at = (array: string, n: string) => shader.at(array, `r * ${N}u + ${n}`);
  const loop = loopCode(
    { index: "n", from: `e / ${count}u`, to: `${N}u`, step: parts, overlaps: stored },
    (n, suffix) => `let m${suffix} = ${memoryAt(context, heads.age, n, "i")};`,
    (n, suffix) =>
      `sum += ${at("kappa", n)} * m${suffix};${masking ? ` selves += ${at("self", n)} * m${suffix} * m${suffix};` : ""}`,
  );
  shader.task(
    count * parts,
    `let i = e % ${W}u; let r = (e / ${W}u) % ${dims[heads.heads]}u; var sum = 0f;${masking ? " var selves = 0f;" : ""}
${loop}
${stored ? partsCode(context, heads) : gradientCode(context, heads)}`,
  );
}

/** Code that stores a part of the sums. */
function partsCode({ dims, shader, splits }: BackwardContext, heads: Heads): string {
  const selves = dims[heads.heads] * dims.W * splits[heads.splits];
  return `${shader.at(heads.parts, "e")} = sum;${dims.masking ? ` ${shader.at(heads.parts, `${selves}u + e`)} = selves;` : ""}`;
}

/** Writes the task that adds up the parts of `keyTask`. */
export function keySumsTask(context: BackwardContext, heads: Heads): void {
  const { dims, shader, splits } = context;
  const count = dims[heads.heads] * dims.W;
  const parts = splits[heads.splits];
  const total = (first: number) =>
    joinTerms(parts, "+", "0f", (part) => shader.at(heads.parts, `${first + part * count}u + e`));
  shader.task(
    count,
    `let r = e / ${dims.W}u; let sum = ${total(0)};${dims.masking ? ` let selves = ${total(count * parts)};` : ""}
${gradientCode(context, heads)}`,
  );
}

/** Code for the gradients of element `e` of the keys of head `r`, and of its mask, from the sums. */
function gradientCode(context: BackwardContext, heads: Heads): string {
  const { dims, shader } = context;
  const { [heads.key]: firstKey, [heads.mask]: firstMask } = dims.interfaceLayout;
  const key = cachedValue(context, "interface", `${firstKey}u + e`);
  const mask = cachedValue(context, "interface", `${firstMask}u + e`);
  const scale = shader.at(heads.scales, "r");
  const dKey = `${shader.at("dInterface", `${firstKey}u + e`)} = (sum - ${scale} * ${key})${maskFactor(dims, mask)};`;
  if (!dims.masking) return dKey;
  const dMask = `maskGradient(${mask}, ${key} * sum - 0.5f * (${scale} * ${key} * ${key} - selves))`;
  return `${dKey}\n${shader.at("dInterface", `${firstMask}u + e`)} = ${dMask};`;
}
