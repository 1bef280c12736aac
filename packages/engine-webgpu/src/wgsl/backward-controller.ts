import type { Product } from "../products.js";
import { deltaAt, dRowAt } from "./backward-elements.js";
import { type BackwardContext, cacheTasks } from "./backward-plan.js";
import { clipGradientCode, literal } from "./functions.js";

/** Backward pass of interface and controller, equations (B33) to (B38); then fills the caches of the previous step. */
export function controllerPhases(context: BackwardContext): void {
  const { dims, shader, products } = context;
  const { L, N, interfaceLayout } = dims;
  if (N > 0) {
    shader.product(products.interfaceT, (d) => shader.at("dInterface", d));
    shader.task(interfaceLayout.size, `${deltaAt(context, "interface", "e")} = ${shader.at("dInterface", "e")};`);
    shader.barrier();
  }
  unitsPhase(context);
  if (dims.gru) candidatePhases(context);
  for (let layer = L - 1; layer >= 0 && dims.G > 0; layer--) {
    shader.product(products.gatesT[layer], (d) => shader.at("dGates", d));
    shader.barrier();
    layerPhase(context, layer);
  }
}

/** (B33) and (B34) for all units, and the gates of the last layer. */
function unitsPhase(context: BackwardContext): void {
  const { dims, shader, products, records } = context;
  const { H, h, L, clipValue, X } = dims;
  const raw = records.step("hiddenRaw", "t", "e");
  const fromMemory = dims.N > 0 ? ` + ${shader.sumOfParts(products.interfaceT, "e")}` : "";
  const d = `(${shader.at("dHidden", "e")}${fromMemory})`;
  const first = (L - 1) * h;
  if (dims.G === 0) {
    shader.task(X, `${deltaAt(context, "inputs", "e")} = ${clipGradientCode(clipValue, raw, d)};`);
    shader.barrier();
    shader.task(H, `${shader.at("dHidden", "e")} = 0f;`);
    shader.task(dims.RW, `${shader.at("dWords", "e")} = 0f;`);
    cachePreviousStep(context);
    shader.barrier();
    return;
  }
  shader.task(
    H,
    `let d = ${clipGradientCode(clipValue, raw, d)};
if (e < ${first}u) { ${shader.at("dRaw", "e")} = d; } else { let u = e - ${first}u;
${gatesCode(context, L - 1, "d")}
}`,
  );
  shader.barrier();
}

/** Code of (B35) to (B37) for unit `u` of a layer; `d` is the gradient of its hidden unit before clipping. */
function gatesCode(context: BackwardContext, layer: number, d: string): string {
  const { dims, shader, records } = context;
  const { h, G, lstm, gru, clipValue } = dims;
  const gate = (index: number) => records.step("gates", "t", `${layer * G + index * h}u + u`);
  const put = (index: number, value: string) => `{ let value = ${value};
${shader.at("dGates", `${index * h}u + u`)} = value; ${deltaAt(context, "gates", `${layer * G + index * h}u + u`)} = value; }`;
  if (gru)
    return `let update = ${gate(1)}; let candidate = ${gate(2)}; let previous = ${records.state("hidden", "t", "u")};
${put(1, `${d} * (previous - candidate) * update * (1f - update)`)}
${put(2, `${d} * (1f - update) * (1f - candidate * candidate)`)}
${shader.at("dPrevious", "u")} = ${d} * update;`;
  if (!lstm) return `let g = ${gate(0)};\n${put(0, `${d} * (1f - g * g)`)}`;
  const unit = `${layer * h}u + u`;
  const inside = clipValue > 0 ? `select(1f, 0f, abs(c) > ${literal(clipValue)})` : "1f";
  return `let i = ${gate(0)}; let j = ${gate(1)}; let f = ${gate(2)}; let o = ${gate(3)};
let oldCell = ${records.state("cell", "t", unit)}; let cellTanh = ${records.step("cellTanh", "t", unit)};
let c = f * oldCell + i * j;
let dc = ${shader.at("dCell", unit)} * ${inside} + ${d} * o * (1f - cellTanh * cellTanh);
${put(0, "dc * j * i * (1f - i)")}
${put(1, "dc * i * (1f - j * j)")}
${put(2, "dc * oldCell * f * (1f - f)")}
${put(3, `${d} * cellTanh * o * (1f - o)`)}
${shader.at("dCell", unit)} = dc * f;`;
}

/** (B38): gradients of inputs, words, the layer below with its gates, and the layer's previous hidden units. */
function layerPhase(context: BackwardContext, layer: number): void {
  const { dims, shader, products } = context;
  const { X, RW, h, L, gru, recurrent } = dims;
  const product = products.gatesT[layer];
  const isLast = layer === L - 1 && !gru; // the candidate of a GRU comes before its gates
  const [input, words] = [deltaAt(context, "inputs", "e"), RW > 0 ? shader.at("dWords", "e") : ""];
  const fromOutput = (index: string) =>
    dims.O > 0 ? `if (t > 0u) { sum += ${dRowAt(context, "(t - 1u)", index)}; }` : "";
  shader.task(X, `${input} ${isLast ? "=" : "+="} ${shader.sumOfParts(product, "e")};`);
  shader.task(
    RW,
    `var sum = ${shader.sumOfParts(product, `${X}u + e`)}; ${isLast ? "" : `sum += ${words};`} ${layer === 0 ? fromOutput("e") : ""} ${words} = sum;`,
  );
  const unit = `${layer * h}u + e`;
  const past = recurrent ? shader.sumOfParts(product, `${X + RW + (layer > 0 ? h : 0)}u + e`) : "0f";
  const before = gru ? ` + ${shader.at("dPrevious", "e")}` : "";
  shader.task(h, `var sum = ${past}${before}; ${fromOutput(`${RW}u + ${unit}`)} ${shader.at("dHidden", unit)} = sum;`);
  if (layer > 0) {
    const d = `(${shader.at("dRaw", `${(layer - 1) * h}u + u`)} + ${shader.sumOfParts(product, `${X + RW}u + u`)})`;
    shader.task(h, `let u = e; let d = ${d};\n${gatesCode(context, layer - 1, "d")}`);
  } else {
    cachePreviousStep(context);
  }
  shader.barrier();
}

/** Gradients through the candidate of a GRU: inputs, words, previous hidden units, and the reset gate. */
function candidatePhases(context: BackwardContext): void {
  const { dims, shader, products, records } = context;
  const { X, RW, h } = dims;
  const product = products.candidateT as Product;
  shader.product(product, (d) => shader.at("dGates", `${2 * h}u + ${d}`));
  shader.barrier();
  shader.task(X, `${deltaAt(context, "inputs", "e")} = ${shader.sumOfParts(product, "e")};`);
  if (RW > 0) shader.task(RW, `${shader.at("dWords", "e")} = ${shader.sumOfParts(product, `${X}u + e`)};`);
  shader.task(
    h,
    `let reset = ${records.step("gates", "t", "e")}; let d = ${shader.sumOfParts(product, `${X + RW}u + e`)};
let value = d * ${records.state("hidden", "t", "e")} * reset * (1f - reset);
${shader.at("dGates", "e")} = value; ${deltaAt(context, "gates", "e")} = value;
${shader.at("dPrevious", "e")} += d * reset;`,
  );
  shader.barrier();
}

/** Fills the caches with the values of the previous step. */
export function cachePreviousStep(context: BackwardContext): void {
  const { shader } = context;
  shader.line("if (t > 0u) {");
  cacheTasks(context, "(t - 1u)");
  shader.line("}");
}
