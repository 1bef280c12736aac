import type { CompleteOptimizerOptions } from "@dnc/core/engine";
import { offsetOf, outputSections } from "../layout.js";
import type { Dims } from "../sizes.js";
import { FUNCTIONS, literal } from "./functions.js";
import { optimizerCode, SETTINGS } from "./optimizers.js";
import { declarations, type Kernel } from "./shader.js";

const THREADS = 256;
const MAX_GROUPS = 256;

/** Elements of a result: loss, global norm, number of exact matches, applied. */
export const RESULT_SIZE = 4;
/** Elements before the results: whether an earlier step was rejected, one for even and one for odd steps. */
export const FLAGS = 2;

/** Options of the optimizer and of gradient clipping. */
export interface UpdateOptions {
  readonly optimizer: CompleteOptimizerOptions;
  readonly maxGradNorm: number;
}

/**
 * Generates the update: clips by global norm and applies the optimizer. Changes nothing if loss or norm are not finite, or if an
 * earlier step was rejected and its result is still unread. Every workgroup adds up the norm by itself, in the same order.
 *
 * @param tiles - number of partial sums of squares of the gradients.
 * @returns the kernel, and its number of workgroups.
 */
export function updateKernel(
  dims: Dims,
  tiles: number,
  { optimizer, maxGradNorm }: UpdateOptions,
): { kernel: Kernel; groups: number } {
  const { parameterCount } = dims;
  const { bindings: state, update } = optimizerCode(optimizer);
  const bindings = [
    { name: "gradients", access: "read" },
    { name: "squares", access: "read" },
    { name: "outputs", access: "read" },
    { name: "parameters", access: "read_write" },
    ...state,
    { name: "results", access: "read_write" },
    { name: "settings", access: "read_write" },
  ] as const;
  const groups = Math.min(MAX_GROUPS, Math.ceil(parameterCount / THREADS));
  const sections = outputSections(dims);
  const outputAt = (name: "loss" | "wrong", row: string) => `outputs[rows * ${offsetOf(sections, name)}u + ${row}]`;
  const code = `${declarations(bindings)}${FUNCTIONS}
var<workgroup> norms: array<f32, ${THREADS}>;
var<workgroup> losses: array<f32, ${THREADS}>;
var<workgroup> exactMatches: array<f32, ${THREADS}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) tid: u32, @builtin(workgroup_id) group: vec3<u32>) {
let rows = dims.timeSteps * dims.batchSize;
var norm = 0f; var loss = 0f; var exact = 0f;
for (var e = tid; e < ${tiles}u; e += ${THREADS}u) { norm += squares[e]; }
for (var e = tid; e < rows; e += ${THREADS}u) { loss += ${outputAt("loss", "e")}; }
if (group.x == 0u) {
for (var b = tid; b < dims.batchSize; b += ${THREADS}u) {
var wrong = 0f;
for (var t = 0u; t < dims.timeSteps; t++) { wrong += ${outputAt("wrong", "t * dims.batchSize + b")}; }
if (wrong == 0f) { exact += 1f; }
}
}
norms[tid] = norm; losses[tid] = loss; exactMatches[tid] = exact;
workgroupBarrier();
for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
if (tid < half) { norms[tid] += norms[tid + half]; losses[tid] += losses[tid + half]; exactMatches[tid] += exactMatches[tid + half]; }
workgroupBarrier();
}
let globalNorm = sqrt(norms[0]); let meanLoss = losses[0] / f32(dims.batchSize);
let applied = isFinite(norms[0]) && isFinite(losses[0]) && results[dims.parity] == 0f;
if (group.x == 0u && tid == 0u) {
results[1u - dims.parity] = select(1f, 0f, applied);
let to = ${FLAGS}u + ${RESULT_SIZE}u * dims.slot;
results[to] = meanLoss; results[to + 1u] = globalNorm; results[to + 2u] = exactMatches[0]; results[to + 3u] = select(0f, 1f, applied);
}
if (!applied) { return; }
if (group.x == 0u && tid == 0u) { settings[${SETTINGS.applied}] = settings[${SETTINGS.step}]; }
let scale = ${literal(maxGradNorm)} * min(1f / globalNorm, ${literal(1 / Math.fround(maxGradNorm))});
for (var e = group.x * ${THREADS}u + tid; e < ${parameterCount}u; e += ${groups * THREADS}u) {
let g = gradients[e] * select(scale, 1f, globalNorm == 0f);
${update}
}
}
`;
  return { kernel: { code, bindings }, groups };
}
