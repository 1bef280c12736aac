import { carrySections, offsetOf } from "../layout.js";
import { cachePreviousStep, controllerPhases } from "./backward-controller.js";
import { deltaAt, dLinkAt, dMemoryAt, dRowAt, memoryAt } from "./backward-elements.js";
import { type BackwardContext, backwardPadding, cacheTasks } from "./backward-plan.js";
import { readPhases } from "./backward-read.js";
import { writePhases } from "./backward-write.js";
import { ALLOCATION, FUNCTIONS } from "./functions.js";
import { RECORD_ROWS } from "./records.js";
import type { Kernel } from "./shader.js";
import { usedBindings, variantFunctions } from "./variants.js";

/**
 * Generates the backward pass over all steps; one workgroup per batch element.
 *
 * @returns the kernel, and the number of barriers per step.
 */
export function backwardKernel(context: BackwardContext): { kernel: Kernel; barriers: number } {
  const { dims, shader } = context;
  const { N, W, K } = dims;
  shader.line(RECORD_ROWS);
  loadGradients(context);
  if (dims.inputMask) shader.line("var hasRun = false;");
  shader.line(`for (var t = dims.timeSteps - 1u; ; t--) {
let oldMemory = (t * dims.batchSize + b) * ${N * W}u; let newMemory = ((t + 1u) * dims.batchSize + b) * ${N * W}u;
let oldLink = (t * dims.batchSize + b) * ${K * N * N}u;`);
  const first = shader.barriers;
  if (dims.inputMask) skipStep(context);
  if (N > 0) {
    readPhases(context);
    writePhases(context);
  }
  controllerPhases(context);
  const barriers = shader.barriers - first;
  if (dims.inputMask) shader.line("hasRun = true;\n}");
  shader.line("if (t == 0u) { break; }\n}");
  storeGradients(context);
  const bindings = usedBindings(dims, [
    { name: "weights", access: "read", type: "vec4<f32>" },
    { name: "records", access: "read" },
    { name: "memories", access: "read" },
    { name: "links", access: "read" },
    { name: "outputs", access: "read" },
    { name: "deltas", access: "read_write" },
    { name: "carry", access: "read_write" },
    { name: "scratch", access: "read_write" },
  ]);
  return { kernel: shader.finish(bindings, FUNCTIONS + ALLOCATION + variantFunctions(dims)), barriers };
}

/** Lists the gradients of a state: their places in the buffer and in the kernel's arrays. */
function stateGradients(context: BackwardContext) {
  const { dims, shader } = context;
  const { N, W } = dims;
  const sections = carrySections(dims);
  const places: Record<keyof typeof sections, string> = {
    words: sections.words > 0 ? shader.at("dWords", "e") : "",
    hidden: shader.at("dHidden", "e"),
    cell: sections.cell > 0 ? shader.at("dCell", "e") : "",
    usage: N > 0 ? shader.at("dUsage", "e") : "",
    readWeights: N > 0 ? shader.at("dRead", "e") : "",
    writeWeights: N > 0 ? shader.at("dWrite", "e") : "",
    precedence: sections.precedence > 0 ? shader.at("dPrecedence", "e") : "",
    memory: N > 0 ? dMemoryAt(context, `e / ${W}u`, `e % ${W}u`) : "",
    link: sections.link > 0 ? dLinkAt(context, `e / ${N}u`, `e % ${N}u`) : "",
  };
  return (Object.keys(sections) as (keyof typeof sections)[]).map((name) => ({
    name,
    size: sections[name],
    place: places[name],
    at: `carry[dims.batchSize * ${offsetOf(sections, name)}u + b * ${sections[name]}u + e]`,
  }));
}

/** Loads the gradients of the final state, or zeros; adds those from the output layer; and fills the caches of the last step. */
function loadGradients(context: BackwardContext): void {
  const { dims, shader, products } = context;
  const { RW, N, W, G, interfaceLayout } = dims;
  for (const { name, size, place, at } of stateGradients(context)) {
    const column = name === "words" ? "e" : name === "hidden" ? `${RW}u + e` : undefined;
    if (size === 0) continue;
    const fromOutput = column && dims.O > 0 ? `\n${place} += ${dRowAt(context, "(dims.timeSteps - 1u)", column)};` : "";
    shader.task(size, `${place} = 0f; if (dims.zeroState == 0u) { ${place} = ${at}; }${fromOutput}`);
  }
  const padding = backwardPadding(products);
  if (padding.gates > 0) shader.task(padding.gates, `${shader.at("dGates", `${G}u + e`)} = 0f;`);
  if (padding.interface > 0)
    shader.task(padding.interface, `${shader.at("dInterface", `${interfaceLayout.size}u + e`)} = 0f;`);
  if (shader.isShared("memory")) {
    const from = `memories[(dims.timeSteps * dims.batchSize + b) * ${N * W}u + e]`;
    shader.task(N * W, `${memoryAt(context, "new", `e / ${W}u`, `e % ${W}u`)} = ${from};`);
  }
  cacheTasks(context, "(dims.timeSteps - 1u)");
  shader.barrier();
}

/** Stores the gradients of the initial state. That of the write weights is zero: the first step that is run uses them as constants. */
function storeGradients(context: BackwardContext): void {
  const { shader, dims } = context;
  const written = dims.inputMask ? `select(${dims.N > 0 ? shader.at("dWrite", "e") : "0f"}, 0f, hasRun)` : "0f";
  shader.line("if (dims.zeroState == 0u) {");
  for (const { name, size, place, at } of stateGradients(context))
    shader.task(size, `${at} = ${name === "writeWeights" ? written : place};`);
  shader.line("}");
}

/** Writes the branch for a step that the input mask omits: the gradients of the state stay as they are. The other branch follows. */
function skipStep(context: BackwardContext): void {
  const { dims, shader, records } = context;
  const { X, RW, H, L, G, O, interfaceLayout } = dims;
  shader.line(`if (${records.state("run", "(t + 1u)", "0u")} == 0f) {`);
  shader.task(X, `${deltaAt(context, "inputs", "e")} = 0f;`);
  shader.task(L * G, `${deltaAt(context, "gates", "e")} = 0f;`);
  shader.task(interfaceLayout.size, `${deltaAt(context, "interface", "e")} = 0f;`);
  const add = (place: string, index: string) => `if (t > 0u) { ${place} += ${dRowAt(context, "(t - 1u)", index)}; }`;
  if (O > 0 && RW > 0) shader.task(RW, add(shader.at("dWords", "e"), "e"));
  if (O > 0) shader.task(H, add(shader.at("dHidden", "e"), `${RW}u + e`));
  cachePreviousStep(context);
  shader.barrier();
  shader.line("} else {");
}
