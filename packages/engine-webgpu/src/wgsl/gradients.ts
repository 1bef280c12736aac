import { deltaSections, offsetOf, outputSections, stateSections, stepSections, widthOf } from "../layout.js";
import { NO_PARAMETER, type Product, type Products } from "../products.js";
import type { Dims } from "../sizes.js";
import { declarations, type Kernel } from "./shader.js";

/** Rows and columns of a workgroup's tile of a weight gradient; each invocation computes 4 by 4 elements. */
const TILE = 32;
const THREADS = 64;
/** Rows (time steps and batch elements) that are loaded at once. */
const DEPTH = 16;

/** A weight matrix with its bias as the last row. */
interface WeightMatrix {
  readonly product: Product;
  /** Code that returns the input that row `i` of the weights was multiplied by, for row `row` of time steps and elements. */
  readonly left: string;
  /** Code for the gradient of output `c`, for row `row`. */
  readonly right: string;
}

/**
 * Generates the kernel for all weight gradients: dW = A^T D over all time steps and batch elements, the bias as a row of ones.
 * Also computes the sum of squares of each tile.
 *
 * @returns the kernel, and its number of workgroups.
 */
export function gradientsKernel(dims: Dims, products: Products): { kernel: Kernel; groups: number } {
  const bindings = [
    { name: "records", access: "read" },
    { name: "inputs", access: "read" },
    { name: "deltas", access: "read" },
    { name: "outputs", access: "read" },
    { name: "index", access: "read", type: "u32" },
    { name: "gradients", access: "read_write" },
    { name: "squares", access: "read_write" },
  ] as const;
  const matrices = weightMatrices(dims, products);
  let groups = 0;
  const branches = matrices.map(({ product }, matrix) => {
    const across = Math.ceil(product.columns / TILE);
    const first = groups;
    groups += across * Math.ceil((product.depth + 1) / TILE);
    return `if (tile >= ${first}u) { matrix = ${matrix}u; top = (tile - ${first}u) / ${across}u * ${TILE}u; left = (tile - ${first}u) % ${across}u * ${TILE}u; }`;
  });
  const cases = (text: (matrix: WeightMatrix) => string) =>
    `switch matrix { ${matrices.map((matrix, number) => (number === 0 ? `default: { ${text(matrix)} }` : `case ${number}u: { ${text(matrix)} }`)).join("\n")} }`;
  const code = `${declarations(bindings)}
var<workgroup> rowsSide: array<vec4<f32>, ${(DEPTH * TILE) / 4}>;
var<workgroup> columnsSide: array<vec4<f32>, ${(DEPTH * TILE) / 4}>;
var<workgroup> sums: array<f32, ${THREADS}>;
fn leftAt(matrix: u32, row: u32, i: u32) -> f32 {
let rows = dims.timeSteps * dims.batchSize; let states = rows + dims.batchSize;
${cases(({ product, left }) => `if (i < ${product.depth}u) { ${left} } return select(0f, 1f, i == ${product.depth}u);`)}
}
fn rightAt(matrix: u32, row: u32, c: u32) -> f32 {
let rows = dims.timeSteps * dims.batchSize;
${cases(({ product, right }) => `if (c < ${product.columns}u) { return ${right}; } return 0f;`)}
}
fn parameterAt(matrix: u32, i: u32, c: u32) -> u32 {
${cases(
  ({ product }) => `if (i > ${product.depth}u || c >= ${product.columns}u) { return ${NO_PARAMETER}u; }
return index[${4 * product.start}u + select(i, ${product.paddedDepth}u, i == ${product.depth}u) * ${product.paddedColumns}u + c];`,
)}
}
@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) tid: u32, @builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) all: vec3<u32>) {
let tile = group.y * all.x + group.x;
var matrix = 0u; var top = 0u; var left = 0u;
${branches.join("\n")}
let rows = dims.timeSteps * dims.batchSize;
var tile0 = vec4<f32>(); var tile1 = vec4<f32>(); var tile2 = vec4<f32>(); var tile3 = vec4<f32>();
let x = tid % 8u; let y = tid / 8u;
for (var firstRow = 0u; firstRow < rows; firstRow += ${DEPTH}u) {
for (var e = tid; e < ${(DEPTH * TILE) / 4}u; e += ${THREADS}u) {
let row = firstRow + e / 8u; let at = 4u * (e % 8u);
var l = vec4<f32>(); var r = vec4<f32>();
if (row < rows) {
for (var lane = 0u; lane < 4u; lane++) {
l[lane] = leftAt(matrix, row, top + at + lane); r[lane] = rightAt(matrix, row, left + at + lane);
}
}
rowsSide[e] = l; columnsSide[e] = r;
}
workgroupBarrier();
for (var d = 0u; d < ${DEPTH}u; d++) {
let l = rowsSide[d * 8u + y]; let r = columnsSide[d * 8u + x];
tile0 += l.x * r; tile1 += l.y * r; tile2 += l.z * r; tile3 += l.w * r;
}
workgroupBarrier();
}
var square = 0f;
for (var i = 0u; i < 4u; i++) {
var values = tile0;
if (i == 1u) { values = tile1; } else if (i == 2u) { values = tile2; } else if (i == 3u) { values = tile3; }
for (var lane = 0u; lane < 4u; lane++) {
let to = parameterAt(matrix, top + 4u * y + i, left + 4u * x + lane);
if (to != ${NO_PARAMETER}u) { gradients[to] = values[lane]; square += values[lane] * values[lane]; }
}
}
sums[tid] = square;
workgroupBarrier();
for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
if (tid < half) { sums[tid] += sums[tid + half]; }
workgroupBarrier();
}
if (tid == 0u) { squares[tile] = sums[0]; }
}
`;
  return { kernel: { code, bindings }, groups };
}

function weightMatrices(dims: Dims, products: Products): WeightMatrix[] {
  const { X, RW, H, N, h, L, G, O, recurrent } = dims;
  const [states, steps, deltas, outputs] = [
    stateSections(dims),
    stepSections(dims),
    deltaSections(dims),
    outputSections(dims),
  ];
  const state = (name: "words" | "hidden", row: string, index: string) =>
    `records[states * ${offsetOf(states, name)}u + (${row}) * ${states[name]}u + ${index}]`;
  const raw = (index: string) =>
    `records[states * ${widthOf(states)}u + rows * ${offsetOf(steps, "hiddenRaw")}u + row * ${H}u + ${index}]`;
  const delta = (name: "gates" | "interface", index: string) =>
    `deltas[rows * ${offsetOf(deltas, name)}u + row * ${deltas[name]}u + ${index}]`;
  const ranges = (...parts: [width: number, value: (index: string) => string][]) => {
    let from = 0;
    const lines = parts
      .filter(([width]) => width > 0)
      .map(([width, value]) => {
        from += width;
        return `if (i < ${from}u) { return ${value(`(i - ${from - width}u)`)}; }`;
      });
    return lines.join("\n");
  };
  const matrices: WeightMatrix[] = [];
  for (let layer = 0; layer < L && G > 0; layer++)
    matrices.push({
      product: products.gates[layer],
      left: ranges(
        [X, (index) => `inputs[row * ${X}u + ${index}]`],
        [RW, (index) => state("words", "row", index)],
        [layer > 0 ? h : 0, (index) => raw(`${(layer - 1) * h}u + ${index}`)],
        [recurrent ? h : 0, (index) => state("hidden", "row", `${layer * h}u + ${index}`)],
      ),
      right: delta("gates", `${layer * G}u + c`),
    });
  if (products.candidate) {
    const reset = (index: string) =>
      `records[states * ${widthOf(states)}u + rows * ${offsetOf(steps, "gates")}u + row * ${G}u + ${index}]`;
    matrices.push({
      product: products.candidate,
      left: ranges(
        [X, (index) => `inputs[row * ${X}u + ${index}]`],
        [RW, (index) => state("words", "row", index)],
        [h, (index) => `${reset(index)} * ${state("hidden", "row", index)}`],
      ),
      right: delta("gates", `${2 * h}u + c`),
    });
  }
  const next = "row + dims.batchSize";
  if (N > 0)
    matrices.push({
      product: products.interface,
      left: ranges([H, (index) => state("hidden", next, index)]),
      right: delta("interface", "c"),
    });
  if (O > 0)
    matrices.push({
      product: products.output,
      left: ranges([RW, (index) => state("words", next, index)], [H, (index) => state("hidden", next, index)]),
      right: `outputs[rows * ${offsetOf(outputs, "dLogits")}u + row * ${O}u + c]`,
    });
  return matrices;
}
