/** The page that lists what each engine computes: docs/guide/engines.md. */
import { whyNotNetwork, whyNotTraining } from "./cell.mjs";
import { AXES, rowAt } from "./table.mjs";

const NAMES = Object.keys(AXES);

/**
 * Renders the page.
 *
 * @param {ReadonlyMap<string, import("@dnc/core/engine").Engine>} engines - engines by name.
 * @returns {string} Markdown.
 */
export function enginesPage(engines) {
  const sections = [...engines].map(([name, engine]) => section(name, engine));
  return `${INTRODUCTION}${sections.join("")}`;
}

const INTRODUCTION = `# Which engine computes what

An engine computes a network exactly as the definition does, or says why it does not; then TensorFlow.js ops compute it, with the same
numbers. These tables are what the engines answer (\`npm run conformance -- --write\` writes them, a test compares them). **yes**: the engine computes
the forward pass, its gradients, and, where it has a trainer, training; otherwise the reason. The table of native applies where its binary
loads; elsewhere the engine supports nothing, and is not registered.

\`tools/repository/conformance.test.mjs\` compares each engine with the definition on rows in which every two values of size, network, heads,
clipping, memory, loss and optimizer meet: outputs, final state, all gradients, and twenty training steps. \`npm run conformance -- --all\`
compares all combinations; its results are in [bench/results/conformance](../../bench/results/conformance/README.md).
`;

function section(name, engine) {
  const reasons = [];
  const answer = (reason) => {
    if (reason === undefined) return "yes";
    if (!reasons.includes(reason)) reasons.push(reason);
    return `no (${1 + reasons.indexOf(reason)})`;
  };
  const network = (row) => answer(whyNotNetwork(engine, row));
  const trainer = "createTrainer" in engine;
  const parts = [
    `## ${name}`,
    ...(trainer
      ? []
      : ["It has no trainer: `@dnc/training` differentiates through its op, with every loss and optimizer."]),
    grid("network", "memory", network),
    [list("heads", network), list("clipping", network)].join("\n"),
    ...(trainer ? [grid("loss", "optimizer", (row) => answer(whyNotTraining(engine, row)))] : []),
  ];
  const notes = reasons.map((reason, index) => `${1 + index}. \`${reason}\``).join("\n");
  return `\n${[...parts, ...(notes === "" ? [] : [notes])].join("\n\n")}\n`;
}

/** A table of the values of two axes; the others have their first value. */
function grid(down, across, answer) {
  const [rows, columns] = [down, across].map((name) => Object.keys(AXES[name]));
  const cell = (i, j) => {
    const row = rowAt(NAMES.map((name) => (name === down ? i : name === across ? j : 0)));
    return row.network.network === "lstm" && across === "memory" && j > 0 ? "-" : answer(row);
  };
  const lines = rows.map((row, i) => `| ${row} | ${columns.map((_, j) => cell(i, j)).join(" | ")} |`);
  return [`| | ${columns.join(" | ")} |`, `|---|${columns.map(() => "---|").join("")}`, ...lines].join("\n");
}

/** The values of one axis in a line; the other axes have their first value. */
function list(axis, answer) {
  const answers = Object.keys(AXES[axis]).map((value, index) => {
    const at = NAMES.map((name) => (name === axis ? index : 0));
    return `${value}: ${answer(rowAt(at))}`;
  });
  return `${answers.join("; ")}.`;
}
