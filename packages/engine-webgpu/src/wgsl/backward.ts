import { before, carrySections } from "../layout.js";
import { controllerPhases } from "./backward-controller.js";
import { dLinkAt, dMemoryAt, dRowAt, memoryAt } from "./backward-elements.js";
import { type BackwardContext, backwardPadding, copyTasks } from "./backward-plan.js";
import { readPhases } from "./backward-read.js";
import { writePhases } from "./backward-write.js";
import { ALLOCATION, FUNCTIONS } from "./functions.js";
import { RECORD_ROWS } from "./records.js";
import type { Kernel } from "./shader.js";

/** The sweep backward, one workgroup a batch element. Barriers are those of a step. */
export function backwardKernel(context: BackwardContext): { kernel: Kernel; barriers: number } {
  const { dims, shader } = context;
  const { N, W, K } = dims;
  shader.line(RECORD_ROWS);
  begin(context);
  shader.line(`for (var t = dims.time - 1u; ; t--) {
let oldMemory = (t * dims.batch + b) * ${N * W}u; let newMemory = ((t + 1u) * dims.batch + b) * ${N * W}u;
let oldLink = (t * dims.batch + b) * ${K * N * N}u;`);
  const first = shader.barriers;
  readPhases(context);
  writePhases(context);
  controllerPhases(context);
  const barriers = shader.barriers - first;
  shader.line("if (t == 0u) { break; }\n}");
  end(context);
  const bindings = [
    { name: "weights", access: "read", type: "vec4<f32>" },
    { name: "records", access: "read" },
    { name: "memories", access: "read" },
    { name: "links", access: "read" },
    { name: "outs", access: "read" },
    { name: "deltas", access: "read_write" },
    { name: "carry", access: "read_write" },
    { name: "scratch", access: "read_write" },
  ] as const;
  return { kernel: shader.finish(bindings, FUNCTIONS + ALLOCATION), barriers };
}

/** Pairs of a place in the carried gradients and one of the arrays. */
function carried(context: BackwardContext) {
  const { dims, shader } = context;
  const { N, W } = dims;
  const sections = carrySections(dims);
  const places: Record<keyof typeof sections, string> = {
    words: sections.words > 0 ? shader.at("dWords", "e") : "",
    hidden: shader.at("dHidden", "e"),
    cell: sections.cell > 0 ? shader.at("dCell", "e") : "",
    usage: shader.at("dUsage", "e"),
    readWeights: shader.at("dRead", "e"),
    writeWeights: shader.at("dWrite", "e"),
    precedence: shader.at("dPrecedence", "e"),
    memory: dMemoryAt(context, `e / ${W}u`, `e % ${W}u`),
    link: dLinkAt(context, `e / ${N}u`, `e % ${N}u`),
  };
  return (Object.keys(sections) as (keyof typeof sections)[]).map((name) => ({
    name,
    size: sections[name],
    place: places[name],
    at: `carry[dims.batch * ${before(sections, name)}u + b * ${sections[name]}u + e]`,
  }));
}

/** The gradient to the final state, or zeros; what the output layer sends to it; and what the last step knows. */
function begin(context: BackwardContext): void {
  const { dims, shader, products } = context;
  const { RW, N, W, G, face } = dims;
  for (const { name, size, place, at } of carried(context)) {
    const out = name === "words" ? "e" : name === "hidden" ? `${RW}u + e` : undefined;
    const more = out && dims.O > 0 ? `\n${place} += ${dRowAt(context, "(dims.time - 1u)", out)};` : "";
    shader.task(size, `${place} = 0f; if (dims.fresh == 0u) { ${place} = ${at}; }${more}`);
  }
  const padding = backwardPadding(products);
  if (padding.gates > 0) shader.task(padding.gates, `${shader.at("dGates", `${G}u + e`)} = 0f;`);
  if (padding.face > 0) shader.task(padding.face, `${shader.at("dFace", `${face.size}u + e`)} = 0f;`);
  if (shader.isShared("memory")) {
    const from = `memories[(dims.time * dims.batch + b) * ${N * W}u + e]`;
    shader.task(N * W, `${memoryAt(context, "new", `e / ${W}u`, `e % ${W}u`)} = ${from};`);
  }
  copyTasks(context, "(dims.time - 1u)");
  shader.barrier();
}

/** The gradient to the initial state; write weights reach the first step only as constants. */
function end(context: BackwardContext): void {
  const { shader } = context;
  shader.line("if (dims.fresh == 0u) {");
  for (const { name, size, place, at } of carried(context))
    shader.task(size, `${at} = ${name === "writeWeights" ? "0f" : place};`);
  shader.line("}");
}
