import type { ForwardContext } from "./forward-plan.js";
import { clipped } from "./functions.js";
import type { Records } from "./records.js";

/** The controller, then the interface before its functions, whose sums are left in parts. */
export function controllerPhases(context: ForwardContext, records: Records): void {
  const { dims, shader, products } = context;
  const { X, RW, H, L } = dims;
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
  shader.product(products.face, (d) => shader.at("row", `${X + RW}u + ${d}`));
  shader.barrier();
}

/** What a layer sees: inputs, words and its past lie in a row; for deeper layers the one below is put in before its past. */
function layerInput({ dims, shader }: ForwardContext, layer: number, d: string): string {
  if (layer === 0) return shader.at("row", d);
  const { X, RW, h, lstm } = dims;
  const shared = X + RW;
  const below = shader.at("raw", `${(layer - 1) * h}u + ${d} - ${shared}u`);
  const own = shader.at("row", `${d} + ${(layer - 1) * h}u`);
  const past = lstm ? `select(${below}, ${own}, ${d} >= ${shared + h}u)` : below;
  return `select(${past}, ${shader.at("row", d)}, ${d} < ${shared}u)`;
}

function hiddenUnit({ dims, shader }: ForwardContext, records: Records, value: string, unit: string): string {
  const { X, RW, L, clipValue } = dims;
  return `let raw = ${value}; let hidden = ${clipped(clipValue, "raw")};
${L > 1 ? `${shader.at("raw", unit)} = raw;` : ""}
${shader.at("row", `${X + RW}u + ${unit}`)} = hidden;
${records.state("hidden", "(t + 1u)", unit)} = hidden;
${records.step("hiddenRaw", "at", unit)} = raw;`;
}

function layerPhase(context: ForwardContext, records: Records, layer: number): void {
  const { dims, shader, products } = context;
  const { h, G, lstm, clipValue } = dims;
  const own = products.gates[layer];
  const bias = own.start + (own.paddedDepth * own.paddedColumns) / 4;
  const gate = (column: string) =>
    `(${shader.summed(own, `(${column})`)} + weights[${bias}u + (${column}) / 4u][(${column}) % 4u])`;
  const kept = (index: number) => records.step("gates", "at", `${layer * G + index * h}u + e`);
  const unit = `(${layer * h}u + e)`;
  if (!lstm) {
    shader.task(h, `let g = tanh_(${gate("e")}); ${kept(0)} = g;\n${hiddenUnit(context, records, "g", unit)}`);
    return;
  }
  const cell = shader.at("cell", unit);
  shader.task(
    h,
    `let i = sigmoid(${gate("e")}); let j = tanh_(${gate(`e + ${h}u`)});
let f = sigmoid(${gate(`e + ${2 * h}u`)} + 1f); let o = sigmoid(${gate(`e + ${3 * h}u`)});
let c = f * ${cell} + i * j; let cellTanh = tanh_(c);
${kept(0)} = i; ${kept(1)} = j; ${kept(2)} = f; ${kept(3)} = o;
${cell} = ${clipped(clipValue, "c")};
${records.state("cell", "(t + 1u)", unit)} = ${cell};
${records.step("cellTanh", "at", unit)} = cellTanh;
${hiddenUnit(context, records, "o * cellTanh", unit)}`,
  );
}
