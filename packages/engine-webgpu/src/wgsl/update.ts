import { before, outputSections } from "../layout.js";
import type { Dims } from "../sizes.js";
import { FUNCTIONS, literal } from "./functions.js";
import { declarations, type Kernel } from "./shader.js";

/** Numbers of the optimizer. */
export interface OptimizerOptions {
  readonly learningRate: number;
  readonly decay: number;
  readonly epsilon: number;
  readonly maxGradNorm: number;
}

const THREADS = 256;
const MOST_GROUPS = 256;

/** Numbers of a step's result: loss, global norm, solved, applied. */
export const RESULT_SIZE = 4;
/** Before the results: whether an earlier step could not be applied, once for even and once for odd steps. */
export const FLAGS = 2;

/**
 * Clips by global norm and takes RMSProp's step, or none at all where loss or norm are not finite. Every workgroup adds up the norm by
 * itself, in the same order.
 */
export function updateKernel(dims: Dims, tiles: number, options: OptimizerOptions): { kernel: Kernel; groups: number } {
  const { parameterCount } = dims;
  const { learningRate, decay, epsilon, maxGradNorm } = options;
  const bindings = [
    { name: "gradients", access: "read" },
    { name: "squares", access: "read" },
    { name: "outs", access: "read" },
    { name: "parameters", access: "read_write" },
    { name: "meanSquares", access: "read_write" },
    { name: "results", access: "read_write" },
  ] as const;
  const groups = Math.min(MOST_GROUPS, Math.ceil(parameterCount / THREADS));
  const sections = outputSections(dims);
  const outs = (name: "loss" | "wrong", row: string) => `outs[rows * ${before(sections, name)}u + ${row}]`;
  const code = `${declarations(bindings)}${FUNCTIONS}
var<workgroup> norms: array<f32, ${THREADS}>;
var<workgroup> losses: array<f32, ${THREADS}>;
var<workgroup> solved: array<f32, ${THREADS}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) tid: u32, @builtin(workgroup_id) group: vec3<u32>) {
let rows = dims.time * dims.batch;
var norm = 0f; var loss = 0f; var right = 0f;
for (var e = tid; e < ${tiles}u; e += ${THREADS}u) { norm += squares[e]; }
for (var e = tid; e < rows; e += ${THREADS}u) { loss += ${outs("loss", "e")}; }
if (group.x == 0u) {
for (var b = tid; b < dims.batch; b += ${THREADS}u) {
var wrong = 0f;
for (var t = 0u; t < dims.time; t++) { wrong += ${outs("wrong", "t * dims.batch + b")}; }
if (wrong == 0f) { right += 1f; }
}
}
norms[tid] = norm; losses[tid] = loss; solved[tid] = right;
workgroupBarrier();
for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
if (tid < half) { norms[tid] += norms[tid + half]; losses[tid] += losses[tid + half]; solved[tid] += solved[tid + half]; }
workgroupBarrier();
}
let length = sqrt(norms[0]); let cost = losses[0] / f32(dims.batch);
let applied = isFinite(norms[0]) && isFinite(losses[0]) && results[dims.parity] == 0f;
if (group.x == 0u && tid == 0u) {
results[1u - dims.parity] = select(1f, 0f, applied);
let to = ${FLAGS}u + ${RESULT_SIZE}u * dims.slot;
results[to] = cost; results[to + 1u] = length; results[to + 2u] = solved[0]; results[to + 3u] = select(0f, 1f, applied);
}
if (!applied) { return; }
let scale = ${literal(maxGradNorm)} * min(1f / length, ${literal(1 / Math.fround(maxGradNorm))});
for (var e = group.x * ${THREADS}u + tid; e < ${parameterCount}u; e += ${groups * THREADS}u) {
let g = gradients[e] * select(scale, 1f, length == 0f);
let square = meanSquares[e] + (g * g - meanSquares[e]) * ${literal(1 - Math.fround(decay))};
meanSquares[e] = square;
parameters[e] -= ${literal(learningRate)} * g / sqrt(square + ${literal(epsilon)});
}
}
`;
  return { kernel: { code, bindings }, groups };
}
