import { controllerPhases, nextInput } from "./forward-controller.js";
import { linkAt, memoryAt } from "./forward-elements.js";
import { memoryPhases } from "./forward-memory.js";
import { type ForwardContext, rowPadding } from "./forward-plan.js";
import { ALLOCATION, FUNCTIONS } from "./functions.js";
import { RECORD_ROWS, Records } from "./records.js";
import type { Kernel } from "./shader.js";
import { usedBindings, variantFunctions } from "./variants.js";

/**
 * Generates the forward pass over all steps; one workgroup per batch element.
 *
 * @returns the kernel, and the number of barriers per step.
 */
export function forwardKernel(context: ForwardContext): { kernel: Kernel; barriers: number } {
  const { dims, shader } = context;
  const records = new Records(dims);
  shader.line(RECORD_ROWS);
  loadInitialState(context, records);
  const barriersBefore = shader.barriers;
  shader.line(`for (var t = 0u; t < dims.timeSteps; t++) {
let oldPart = select(t & 1u, t, dims.history == 1u) * dims.batchSize + b;
let newPart = select((t + 1u) & 1u, t + 1u, dims.history == 1u) * dims.batchSize + b;
let oldMemory = oldPart * ${dims.N * dims.W}u; let newMemory = newPart * ${dims.N * dims.W}u;
let oldLink = oldPart * ${dims.K * dims.N * dims.N}u; let newLink = newPart * ${dims.K * dims.N * dims.N}u;
let save = dims.history == 1u || t + 1u == dims.timeSteps;
let at = select(0u, t, dims.history == 1u);`);
  if (dims.inputMask) skipStep(context, records);
  controllerPhases(context, records);
  if (dims.N > 0) memoryPhases(context, records);
  shader.line(dims.inputMask ? "}\n}" : "}");
  const bindings = usedBindings(dims, [
    { name: "weights", access: "read", type: "vec4<f32>" },
    { name: "inputs", access: "read" },
    { name: "records", access: "read_write" },
    { name: "memories", access: "read_write" },
    { name: "links", access: "read_write" },
    { name: "scratch", access: "read_write" },
  ]);
  return {
    kernel: shader.finish(bindings, FUNCTIONS + ALLOCATION + variantFunctions(dims)),
    barriers: shader.barriers - barriersBefore,
  };
}

/** Lists the parts of a state that the kernel holds in arrays, with their sizes and places there. */
function heldState({ dims, shader }: ForwardContext) {
  const { X, RW, H, N, R, K, lstm, links } = dims;
  return [
    ["words", RW, (i: string) => shader.at("row", `${X}u + ${i}`)],
    ["hidden", H, (i: string) => shader.at("row", `${X + RW}u + ${i}`)],
    ["cell", lstm ? H : 0, (i: string) => shader.at("cell", i)],
    ["usage", N, (i: string) => shader.at("usage", i)],
    ["readWeights", R * N, (i: string) => shader.at("readWeights", i)],
    ["writeWeights", K * N, (i: string) => shader.at("writeWeights", i)],
    ["precedence", links ? K * N : 0, (i: string) => shader.at("precedence", i)],
  ] as const;
}

/** Loads the initial state from part 0 of the records; in training, sets it to zeros there first. */
function loadInitialState(context: ForwardContext, records: Records): void {
  const { shader, dims } = context;
  const { X, RW, H, N, W, K, gru, links, masking } = dims;
  const sections = heldState(context);
  for (const [name, size, to] of sections) {
    if (size === 0) continue;
    const from = records.state(name, "0u", "e");
    shader.task(size, `if (dims.zeroState == 1u) { ${from} = 0f; }\n${to("e")} = ${from};`);
  }
  // Products read beyond the end of the row, with weights of zero: these elements must be finite.
  const padding = rowPadding(context);
  if (padding > 0 && gru) shader.task(padding, `${shader.at("resetHidden", `${H}u + e`)} = 0f;`);
  if (padding > 0) shader.task(padding, `${shader.at("row", `${X + RW + H}u + e`)} = 0f;`);
  shader.line(`let oldMemory = b * ${N * W}u; let oldLink = b * ${K * N * N}u;`);
  const cell = memoryAt(context, "old", `e / ${W}u`, `e % ${W}u`);
  const memory = "memories[oldMemory + e]";
  shader.task(
    N * W,
    `if (dims.zeroState == 1u) { ${memory} = 0f; }${shader.isShared("memory") ? `\n${cell} = ${memory};` : ""}`,
  );
  const link = "links[oldLink + e]";
  const entry = linkAt(context, "old", `e / ${N}u`, `e % ${N}u`);
  shader.task(
    links ? K * N * N : 0,
    `if (dims.zeroState == 1u) { ${link} = 0f; }${shader.isShared("link") ? `\n${entry} = ${link};` : ""}`,
  );
  shader.task(X, `${shader.at("row", "e")} = inputs[b * ${X}u + e];`);
  shader.barrier();
  if (masking || N === 0) {
    if (dims.inputMask) shader.barrier();
    return;
  }
  shader.task(
    N,
    `var sum = 0f;
for (var i = 0u; i < ${W}u; i++) { let m = ${memoryAt(context, "old", "e", "i")}; sum += m * m; }
${shader.at("norms", "e")} = sqrt(sum + 1e-6f); ${records.state("norms", "0u", "e")} = ${shader.at("norms", "e")};`,
  );
  if (dims.inputMask) shader.barrier();
}

/** Writes the branch for a step that the input mask omits: the state stays as it is. The other branch follows. */
function skipStep(context: ForwardContext, records: Records): void {
  const { shader, dims } = context;
  const { X, H, N, W, K, L, G, links, masking } = dims;
  const run = records.state("run", "(t + 1u)", "0u");
  shader.line(`let run = inputs[dims.timeSteps * dims.batchSize * ${X}u + t * dims.batchSize + b];
if (tid == 0u) { ${run} = run; }
if (run == 0f) {`);
  for (const [name, size, at] of heldState(context))
    if (size > 0) shader.task(size, `${records.state(name, "(t + 1u)", "e")} = ${at("e")};`);
  if (N > 0 && !masking) shader.task(N, `${records.state("norms", "(t + 1u)", "e")} = ${shader.at("norms", "e")};`);
  const isSaved = (name: string) => (shader.isShared(name) ? "if (save) " : "");
  const memory = memoryAt(context, "old", `e / ${W}u`, `e % ${W}u`);
  shader.task(N * W, `${isSaved("memory")}{ memories[newMemory + e] = ${memory}; }`);
  const link = linkAt(context, "old", `e / ${N}u`, `e % ${N}u`);
  shader.task(links ? K * N * N : 0, `${isSaved("link")}{ links[newLink + e] = ${link}; }`);
  // The weight gradients multiply these by zero.
  shader.task(H, `${records.step("hiddenRaw", "at", "e")} = 0f;`);
  shader.task(L * G, `${records.step("gates", "at", "e")} = 0f;`);
  shader.task(X, nextInput(context));
  shader.barrier();
  shader.line("} else {");
}
