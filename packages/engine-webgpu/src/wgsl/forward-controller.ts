import type { Product } from "../products.js";
import type { ForwardContext } from "./forward-plan.js";
import { clipCode } from "./functions.js";
import type { Records } from "./records.js";

/** Forward pass of the controller; then the product for the interface, whose sums stay in parts. */
export function controllerPhases(context: ForwardContext, records: Records): void {
  const { dims, shader, products } = context;
  const { X, RW, H, L, N } = dims;
  if (dims.controller === "none") {
    const x = shader.at("row", "e");
    shader.task(H, hiddenUnit(context, records, x, "e"));
    shader.barrier();
  } else {
    for (let layer = 0; layer < L; layer++) {
      shader.product(products.gates[layer], (d) => layerInput(context, layer, d));
      shader.barrier();
      layerPhase(context, records, layer);
      shader.barrier();
    }
  }
  if (N === 0) {
    shader.task(X, nextInput(context));
    shader.barrier();
    return;
  }
  shader.product(products.interface, (d) => shader.at("row", `${X + RW}u + ${d}`));
  shader.barrier();
}

/** Code that loads element `e` of the input of the next step. */
export function nextInput({ dims, shader }: ForwardContext): string {
  const { X } = dims;
  return `if (t + 1u < dims.timeSteps) { ${shader.at("row", "e")} = inputs[((t + 1u) * dims.batchSize + b) * ${X}u + e]; }`;
}

/**
 * Code for an element of a layer's input. Inputs, words and previous hidden units lie in one row; a deeper layer has the
 * hidden units of the layer below before its previous ones.
 */
function layerInput({ dims, shader }: ForwardContext, layer: number, d: string): string {
  if (layer === 0) return shader.at("row", d);
  const { X, RW, h, lstm } = dims;
  const shared = X + RW;
  const below = shader.at("raw", `${(layer - 1) * h}u + ${d} - ${shared}u`);
  const previous = shader.at("row", `${d} + ${(layer - 1) * h}u`);
  const past = lstm ? `select(${below}, ${previous}, ${d} >= ${shared + h}u)` : below;
  return `select(${past}, ${shader.at("row", d)}, ${d} < ${shared}u)`;
}

/** Code that clips and stores a hidden unit. */
function hiddenUnit({ dims, shader }: ForwardContext, records: Records, value: string, unit: string): string {
  const { X, RW, L, clipValue } = dims;
  return `let raw = ${value}; let hidden = ${clipCode(clipValue, "raw")};
${L > 1 ? `${shader.at("raw", unit)} = raw;` : ""}
${shader.at("row", `${X + RW}u + ${unit}`)} = hidden;
${records.state("hidden", "(t + 1u)", unit)} = hidden;
${records.step("hiddenRaw", "at", unit)} = raw;`;
}

/** Activates the gates of a layer and updates its units. */
function layerPhase(context: ForwardContext, records: Records, layer: number): void {
  const { dims, shader, products } = context;
  const { h, G, lstm, gru, clipValue } = dims;
  const product = products.gates[layer];
  const bias = product.start + (product.paddedDepth * product.paddedColumns) / 4;
  const gate = (column: string) =>
    `(${shader.sumOfParts(product, `(${column})`)} + weights[${bias}u + (${column}) / 4u][(${column}) % 4u])`;
  const saved = (index: number) => records.step("gates", "at", `${layer * G + index * h}u + e`);
  const unit = `(${layer * h}u + e)`;
  if (gru) {
    gruPhases(context, records, gate);
    return;
  }
  if (!lstm) {
    shader.task(h, `let g = tanh_(${gate("e")}); ${saved(0)} = g;\n${hiddenUnit(context, records, "g", unit)}`);
    return;
  }
  const cell = shader.at("cell", unit);
  shader.task(
    h,
    `let i = sigmoid(${gate("e")}); let j = tanh_(${gate(`e + ${h}u`)});
let f = sigmoid(${gate(`e + ${2 * h}u`)} + 1f); let o = sigmoid(${gate(`e + ${3 * h}u`)});
let c = f * ${cell} + i * j; let cellTanh = tanh_(c);
${saved(0)} = i; ${saved(1)} = j; ${saved(2)} = f; ${saved(3)} = o;
${cell} = ${clipCode(clipValue, "c")};
${records.state("cell", "(t + 1u)", unit)} = ${cell};
${records.step("cellTanh", "at", unit)} = cellTanh;
${hiddenUnit(context, records, "o * cellTanh", unit)}`,
  );
}

/** Gates of a GRU, the product for its candidate, and its units. */
function gruPhases(context: ForwardContext, records: Records, gate: (column: string) => string): void {
  const { dims, shader, products } = context;
  const { X, RW, h } = dims;
  const product = products.candidate as Product;
  const previous = shader.at("row", `${X + RW}u + e`);
  const saved = (index: number) => records.step("gates", "at", `${index * h}u + e`);
  shader.task(
    h,
    `let reset = sigmoid(${gate("e")}); let update = sigmoid(${gate(`e + ${h}u`)});
${saved(0)} = reset; ${saved(1)} = update; ${shader.at("resetHidden", "e")} = reset * ${previous};`,
  );
  shader.barrier();
  shader.product(product, (d) => {
    const past = shader.at("resetHidden", `(${d} - ${X + RW}u)`);
    return `select(${past}, ${shader.at("row", d)}, ${d} < ${X + RW}u)`;
  });
  shader.barrier();
  const bias = product.start + (product.paddedDepth * product.paddedColumns) / 4;
  shader.task(
    h,
    `let candidate = tanh_(${shader.sumOfParts(product, "e")} + weights[${bias}u + e / 4u][e % 4u]); ${saved(2)} = candidate;
let update = ${saved(1)}; let previous = ${previous};
${hiddenUnit(context, records, "candidate + update * (previous - candidate)", "e")}`,
  );
}
