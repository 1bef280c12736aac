/** Sequences of triples as text, a line per time step. */
import type { Batch } from "../batch.js";
import { assertBoolean, assertKeys } from "../checks.js";
import type { RenderOptions, Task } from "../task.js";
import { decodeTriple, INPUTS, TRIPLE, tripleText } from "./encoding.js";
import { assertGraphBatch, type Naming, shownGraph } from "./read-graph.js";
import type { GraphNames } from "./recover-names.js";

/**
 * Creates a task's `render`: a line per time step with the labels of the input, and of target and output where one counts. Empty steps
 * are one line, with their number.
 *
 * @param naming - finds names; default: numbers are shown.
 * @returns a function with the arguments and errors of `Task.render`.
 */
export function tripleRenderer(naming?: Naming): Task["render"] {
  return (batch, output, options = {}) => {
    const wholeBatch = checkedArguments(batch, output, options);
    const sequences = Array.from({ length: wholeBatch ? batch.batchSize : 1 }, (_, sequence) => {
      const names = naming?.(shownGraph(batch, sequence));
      return sequenceText(batch, output, sequence, names);
    });
    return `\n${sequences.join("\n\n\n\n")}`;
  };
}

/** @throws RangeError or TypeError if something does not fit; returns the option `wholeBatch`. */
function checkedArguments(batch: Batch, output: Float32Array | undefined, options: RenderOptions): boolean {
  assertKeys("option", options, ["wholeBatch"]);
  const { wholeBatch = false } = options;
  assertBoolean("wholeBatch", wholeBatch);
  assertGraphBatch(batch, output);
  return wholeBatch;
}

function sequenceText(
  batch: Batch,
  output: Float32Array | undefined,
  sequence: number,
  names: GraphNames | undefined,
): string {
  const nothing = tripleText({}, names);
  const lines: string[] = [];
  let empty = 0;
  const endEmpty = () => {
    if (empty > 0) lines.push(`${nothing}${empty === 1 ? "" : `  ${empty} steps`}`);
    empty = 0;
  };
  for (let step = 0; step < stepsOf(batch, sequence); step++) {
    const line = stepText(batch, output, step * batch.batchSize + sequence, names);
    if (line === nothing) empty++;
    else {
      endEmpty();
      lines.push(line);
    }
  }
  endEmpty();
  return lines.join("\n");
}

/** Number of time steps of a sequence, without those that fill it up: the last of its own has a target. */
function stepsOf({ timeSteps, batchSize, mask }: Batch, sequence: number): number {
  let steps = timeSteps;
  while (steps > 0 && mask[(steps - 1) * batchSize + sequence] === 0) steps--;
  return steps;
}

function stepText(
  { inputs, targets, mask }: Batch,
  output: Float32Array | undefined,
  row: number,
  names: GraphNames | undefined,
): string {
  const text = (values: Float32Array, size: number) => tripleText(decodeTriple(values, row * size), names);
  const shown = text(inputs, INPUTS);
  if (mask[row] === 0) return shown;
  const target = text(targets, TRIPLE);
  if (output === undefined) return `${shown}  target ${target}`;
  const found = text(output, TRIPLE);
  return `${shown}  target ${target}  output ${found}${found === target ? "" : "  wrong"}`;
}
