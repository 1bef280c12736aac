import { before, outputSections, stateSections } from "../layout.js";
import type { Products } from "../products.js";
import type { Dims } from "../sizes.js";
import { clipped, FUNCTIONS, throughClip } from "./functions.js";
import { declarations, type Kernel, repeated } from "./shader.js";

/** What is done for every row: logits alone, their gradient's way back, or both with the loss between them. */
export type OutputMode = "forward" | "backward" | "train";

const GROUPS = 8;
const PARTS = 8;
const THREADS = GROUPS * PARTS;
/** Up to here the float32 sigmoid is at most one half, which rounds to zero. */
const GREATEST_LOGIT_OF_ZERO = "0x1p-23f";

/** The output layer for all steps and elements at once: one workgroup a row, (b, t). */
export function outputKernel(dims: Dims, products: Products, mode: OutputMode): Kernel {
  const bindings = [
    { name: "weights", access: "read", type: "vec4<f32>" },
    { name: "records", access: "read" },
    { name: "outs", access: "read_write" },
    { name: "targets", access: "read" },
  ] as const;
  const used = mode === "train" ? bindings : bindings.slice(0, 3);
  const code = `${declarations(used)}${FUNCTIONS}
var<workgroup> partial: array<vec4<f32>, ${THREADS}>;
var<workgroup> losses: array<f32, ${4 * GROUPS}>;
var<workgroup> wrongs: array<u32, ${4 * GROUPS}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) tid: u32, @builtin(workgroup_id) group: vec3<u32>) {
let rows = dims.time * dims.batch;
let row = group.y * dims.batch + group.x;
${mode === "backward" ? maskedGradient(dims) : columns(dims, products, mode)}
${mode === "forward" ? "" : toRow(dims, products)}
}
`;
  return { code, bindings: used };
}

function at(dims: Dims, name: keyof ReturnType<typeof outputSections>, index: string): string {
  const sections = outputSections(dims);
  return `outs[rows * ${before(sections, name)}u + row * ${sections[name]}u + ${index}]`;
}

/** Logits in blocks of columns, each column's sum by several invocations; in training loss and gradient at once. */
function columns(dims: Dims, { output }: Products, mode: OutputMode): string {
  const { O, RW, H, clipValue } = dims;
  const states = stateSections(dims);
  const state = (name: "words" | "hidden", index: string) =>
    `records[(rows + dims.batch) * ${before(states, name)}u + (row + dims.batch) * ${states[name]}u + ${index}]`;
  const groups = output.paddedColumns / 4;
  const chunk = Math.ceil((RW + H) / PARTS);
  const loss = `let target_ = targets[row * ${O}u + c]; let mask = targets[rows * ${O}u + row];
loss += mask * (softplus(x) - x * target_);
let isRight = select(x <= ${GREATEST_LOGIT_OF_ZERO}, x > ${GREATEST_LOGIT_OF_ZERO}, target_ == 1f);
if (mask != 0f && !isRight) { wrong = 1u; }
${at(dims, "dLogits", "c")} = ${throughClip(clipValue, "raw", "mask / f32(dims.batch) * (sigmoid(x) - target_)")};`;
  return `var loss = 0f; var wrong = 0u;
for (var block = 0u; block < ${groups}u; block += ${GROUPS}u) {
let own = block + tid % ${GROUPS}u; let part = tid / ${GROUPS}u;
var sum = vec4<f32>();
if (own < ${groups}u) {
for (var d = part * ${chunk}u; d < min((part + 1u) * ${chunk}u, ${RW + H}u); d++) {
var x = 0f;
if (d < ${RW}u) { x = ${state("words", "d")}; } else { x = ${state("hidden", `d - ${RW}u`)}; }
sum += x * weights[${output.start}u + d * ${groups}u + own];
}
}
partial[tid] = sum;
workgroupBarrier();
let c = 4u * block + tid;
if (tid < ${4 * GROUPS}u && c < ${O}u) {
let lane = tid % 4u; let column = tid / 4u;
var raw = weights[${output.start + (output.paddedDepth * output.paddedColumns) / 4}u + c / 4u][lane];
${repeated(PARTS, (part) => `raw += partial[${part * GROUPS}u + column][lane];`)}
let x = ${clipped(clipValue, "raw")};
${at(dims, "raw", "c")} = raw; ${at(dims, "logits", "c")} = x;
${mode === "train" ? loss : ""}
}
workgroupBarrier();
}
${
  mode === "train"
    ? `if (tid < ${4 * GROUPS}u) { losses[tid] = loss; wrongs[tid] = wrong; }
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

function maskedGradient(dims: Dims): string {
  const [gradient, raw] = [at(dims, "dLogits", "c"), at(dims, "raw", "c")];
  return `for (var c = tid; c < ${dims.O}u; c += ${THREADS}u) { ${gradient} = ${throughClip(dims.clipValue, raw, gradient)}; }
storageBarrier();`;
}

/** The gradient to words and hidden units that the row's logits were made of. */
function toRow(dims: Dims, { outputT }: Products): string {
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
