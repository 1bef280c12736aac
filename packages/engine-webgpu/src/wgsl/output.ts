import { offsetOf, stateSections } from "../layout.js";
import type { Products } from "../products.js";
import type { Dims } from "../sizes.js";
import { clipCode, clipGradientCode, FUNCTIONS } from "./functions.js";
import { elementLossCode, groupDeclarations, groupLossCode, type LossOptions } from "./losses.js";
import { outputAt as at } from "./output-elements.js";
import { declarations, type Kernel, repeatCode } from "./shader.js";

/** `forward`: logits; `backward`: from their gradients to those of the inputs; `train`: both, and the loss. */
export type OutputMode = "forward" | "backward" | "train";

const GROUPS = 8;
const PARTS = 8;
const THREADS = GROUPS * PARTS;

/** Generates the output layer for all time steps at once; one workgroup per row (b, t). Only mode `train` uses the loss. */
export function outputKernel(dims: Dims, products: Products, mode: OutputMode, loss: LossOptions): Kernel {
  const bindings = [
    { name: "weights", access: "read", type: "vec4<f32>" },
    { name: "records", access: "read" },
    { name: "outputs", access: "read_write" },
    { name: "targets", access: "read" },
  ] as const;
  const usedBindings = mode === "train" ? bindings : bindings.slice(0, 3);
  const code = `${declarations(usedBindings)}${FUNCTIONS}${mode === "train" ? groupDeclarations(loss) : ""}
var<workgroup> partial: array<vec4<f32>, ${THREADS}>;
var<workgroup> losses: array<f32, ${4 * GROUPS}>;
var<workgroup> wrongs: array<u32, ${4 * GROUPS}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) tid: u32, @builtin(workgroup_id) group: vec3<u32>) {
let rows = dims.timeSteps * dims.batchSize;
let row = group.y * dims.batchSize + group.x;
${mode === "backward" ? logitGradientsCode(dims) : logitsCode(dims, products, mode, loss)}
${mode === "forward" ? "" : rowGradientsCode(dims, products)}
}
`;
  return { code, bindings: usedBindings };
}

/** Code for whether the step of this row was run: 1 or 0. */
function runAt(dims: Dims): string {
  return `records[(rows + dims.batchSize) * ${offsetOf(stateSections(dims), "run")}u + row + dims.batchSize]`;
}

/** Code for the logits, in blocks of columns, several invocations per sum; in training also for loss and gradient. */
function logitsCode(dims: Dims, { output }: Products, mode: OutputMode, loss: LossOptions): string {
  const { O, RW, H, clipValue } = dims;
  const states = stateSections(dims);
  const state = (name: "words" | "hidden", index: string) =>
    `records[(rows + dims.batchSize) * ${offsetOf(states, name)}u + (row + dims.batchSize) * ${states[name]}u + ${index}]`;
  const groups = output.paddedColumns / 4;
  const chunk = Math.ceil((RW + H) / PARTS);
  return `var loss = 0f; var wrong = 0u;
for (var block = 0u; block < ${groups}u; block += ${GROUPS}u) {
let columnGroup = block + tid % ${GROUPS}u; let part = tid / ${GROUPS}u;
var sum = vec4<f32>();
if (columnGroup < ${groups}u) {
for (var d = part * ${chunk}u; d < min((part + 1u) * ${chunk}u, ${RW + H}u); d++) {
var x = 0f;
if (d < ${RW}u) { x = ${state("words", "d")}; } else { x = ${state("hidden", `d - ${RW}u`)}; }
sum += x * weights[${output.start}u + d * ${groups}u + columnGroup];
}
}
partial[tid] = sum;
workgroupBarrier();
let c = 4u * block + tid;
if (tid < ${4 * GROUPS}u && c < ${O}u) {
let lane = tid % 4u; let column = tid / 4u;
var raw = weights[${output.start + (output.paddedDepth * output.paddedColumns) / 4}u + c / 4u][lane];
${repeatCode(PARTS, (part) => `raw += partial[${part * GROUPS}u + column][lane];`)}
${dims.inputMask ? `raw = select(raw, 0f, ${runAt(dims)} == 0f);\n` : ""}let x = ${clipCode(clipValue, "raw")};
${at(dims, "raw", "c")} = raw; ${at(dims, "logits", "c")} = x;
${mode === "train" ? elementLossCode(dims, loss) : ""}
}
workgroupBarrier();
}
${
  mode === "train"
    ? `${groupLossCode(dims, loss, 4 * GROUPS)}if (tid < ${4 * GROUPS}u) { losses[tid] = loss; wrongs[tid] = wrong; }
workgroupBarrier();
if (tid == 0u) {
var total = 0f; var any = 0u;
for (var i = 0u; i < ${4 * GROUPS}u; i++) { total += losses[i]; any |= wrongs[i]; }
${at(dims, "loss", "0u")} = total; ${at(dims, "wrong", "0u")} = f32(any);
}
storageBarrier();`
    : ""
}`;
}

/** Code for the gradients of the logits before clipping. */
function logitGradientsCode(dims: Dims): string {
  const [gradient, raw] = [at(dims, "dLogits", "c"), at(dims, "raw", "c")];
  const clipped = clipGradientCode(dims.clipValue, raw, gradient);
  const value = dims.inputMask ? `select(${clipped}, 0f, ${runAt(dims)} == 0f)` : clipped;
  return `for (var c = tid; c < ${dims.O}u; c += ${THREADS}u) { ${gradient} = ${value}; }
storageBarrier();`;
}

/** Code for the gradients of the words and hidden units of this row. */
function rowGradientsCode(dims: Dims, { outputT }: Products): string {
  const { O, RW, H } = dims;
  const groups = outputT.paddedColumns / 4;
  return `for (var e = tid; e < ${groups}u; e += ${THREADS}u) {
var sum = vec4<f32>();
for (var c = 0u; c < ${O}u; c++) { sum += ${at(dims, "dLogits", "c")} * weights[${outputT.start}u + c * ${groups}u + e]; }
for (var lane = 0u; lane < 4u; lane++) {
let to = 4u * e + lane;
if (to < ${RW + H}u) { ${at(dims, "dRow", "to")} = sum[lane]; }
}
}`;
}
