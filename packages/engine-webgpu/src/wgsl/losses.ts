import type { LossName } from "@dnc/core/engine";
import type { Dims } from "../sizes.js";
import { clipGradientCode, LOG } from "./functions.js";
import { outputAt } from "./output-elements.js";

/** A loss, and for `softmax` the sizes of the consecutive groups of outputs. */
export interface LossOptions {
  readonly loss: LossName;
  readonly groupSizes: readonly number[];
}

/** Largest logit whose float32 sigmoid is at most one half, which rounds to zero. */
const MAX_LOGIT_OF_ZERO = "0x1p-23f";

/** Loss, whether it is correct, and gradient before the factor `mask / batchSize`, of a logit `x` with target `target_`. */
const ELEMENT_LOSSES = {
  sigmoid: {
    loss: "(softplus(x) - x * target_)",
    isCorrect: `select(x <= ${MAX_LOGIT_OF_ZERO}, x > ${MAX_LOGIT_OF_ZERO}, target_ == 1f)`,
    gradient: "(sigmoid(x) - target_)",
  },
  squared: {
    loss: "(0.5f * (x - target_) * (x - target_))",
    isCorrect: "abs(x - target_) < 0.5f",
    gradient: "(x - target_)",
  },
  linear: { loss: "(x * target_)", isCorrect: "true", gradient: "target_" },
};

/** Code for loss and gradient of column `c` with logit `x`, which is `raw` clipped; empty if the loss needs a whole group. */
export function elementLossCode(dims: Dims, { loss }: LossOptions): string {
  if (loss === "softmax") return "";
  const code = ELEMENT_LOSSES[loss];
  return `let target_ = targets[row * ${dims.O}u + c]; let mask = targets[rows * ${dims.O}u + row];
loss += mask * ${code.loss};
let isCorrect = ${code.isCorrect};
if (mask != 0f && !isCorrect) { wrong = 1u; }
${outputAt(dims, "dLogits", "c")} = ${clipGradientCode(dims.clipValue, "raw", `mask / f32(dims.batchSize) * ${code.gradient}`)};`;
}

/**
 * Code for loss and gradients of the groups of this row, one invocation per group, after all logits; empty unless the loss is
 * `softmax`. A group is correct if its first largest logit is at its first largest target.
 *
 * @param lanes - number of invocations whose sums of losses are added up; they have the indices `tid`.
 */
export function groupLossCode(dims: Dims, { loss, groupSizes }: LossOptions, lanes: number): string {
  if (loss !== "softmax") return "";
  const logit = outputAt(dims, "logits", "c");
  const gradient = `mask / f32(dims.batchSize) * (sum * (exp(${logit} - largest) / total) - targets[first + c])`;
  return `storageBarrier();
if (tid < ${lanes}u) {
let mask = targets[rows * ${dims.O}u + row]; let first = row * ${dims.O}u;
for (var g = tid; g < ${groupSizes.length}u; g += ${lanes}u) {
let start = groupStarts[g]; let end = groupStarts[g + 1u];
var largest = -3.4e38f; var chosen = start; var most = -3.4e38f; var wanted = start; var sum = 0f;
for (var c = start; c < end; c++) {
if (${logit} > largest) { largest = ${logit}; chosen = c; }
let target_ = targets[first + c]; sum += target_;
if (target_ > most) { most = target_; wanted = c; }
}
var total = 0f; var dot = 0f;
for (var c = start; c < end; c++) { total += exp(${logit} - largest); }
let logTotal = log_(total);
for (var c = start; c < end; c++) {
dot += targets[first + c] * (logTotal - (${logit} - largest));
${outputAt(dims, "dLogits", "c")} = ${clipGradientCode(dims.clipValue, outputAt(dims, "raw", "c"), gradient)};
}
loss += mask * dot;
if (mask != 0f && chosen != wanted) { wrong = 1u; }
}
}
`;
}

/** Code that declares the first output of each group, and the end of the last one. */
export function groupDeclarations({ loss, groupSizes }: LossOptions): string {
  if (loss !== "softmax") return "";
  const starts = [0];
  for (const size of groupSizes) starts.push(starts[starts.length - 1] + size);
  const values = starts.map((start) => `${start}u`).join(", ");
  return `${LOG}var<private> groupStarts: array<u32, ${starts.length}> = array<u32, ${starts.length}>(${values});\n`;
}
