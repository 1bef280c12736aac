/** Sequences of triples as text, a line per time step. */
import { assertTargets, type Batch } from "../batch.js";
import { assertBoolean, assertFloatsOfShape, assertKeys } from "../checks.js";
import type { RenderOptions } from "../task.js";
import { INPUTS, TRIPLE, tripleText } from "./encoding.js";

/**
 * Renders a batch: a line per time step with the labels of the input, and of target and output where one counts. Empty steps
 * are one line, with their number.
 *
 * @param batch - sequences of a graph task.
 * @param output - `[timeSteps, batchSize, 90]`: what was predicted; default: none is shown.
 * @param options - `wholeBatch`: every sequence instead of only the first.
 * @throws RangeError if the lengths do not fit each other; TypeError if something is of the wrong kind or an option is unknown.
 */
export function renderTriples(batch: Batch, output?: Float32Array, options: RenderOptions = {}): string {
  assertKeys("option", options, ["wholeBatch"]);
  const { wholeBatch = false } = options;
  assertBoolean("wholeBatch", wholeBatch);
  assertTargets(batch, TRIPLE);
  const { timeSteps, batchSize, inputs } = batch;
  assertFloatsOfShape("inputs", inputs, [timeSteps, batchSize, INPUTS]);
  if (output !== undefined) assertFloatsOfShape("output", output, [timeSteps, batchSize, TRIPLE]);
  const sequences = Array.from({ length: wholeBatch ? batchSize : 1 }, (_, sequence) =>
    sequenceText(batch, output, sequence),
  );
  return `\n${sequences.join("\n\n\n\n")}`;
}

function sequenceText(batch: Batch, output: Float32Array | undefined, sequence: number): string {
  const lines: string[] = [];
  let empty = 0;
  const endEmpty = () => {
    if (empty > 0) lines.push(`${EMPTY}${empty === 1 ? "" : `  ${empty} steps`}`);
    empty = 0;
  };
  for (let step = 0; step < stepsOf(batch, sequence); step++) {
    const line = stepText(batch, output, step * batch.batchSize + sequence);
    if (line === EMPTY) empty++;
    else {
      endEmpty();
      lines.push(line);
    }
  }
  endEmpty();
  return lines.join("\n");
}

/** A step without labels. */
const EMPTY = "--- --- ---";

/** Number of time steps of a sequence, without those that fill it up: the last of its own has a target. */
function stepsOf({ timeSteps, batchSize, mask }: Batch, sequence: number): number {
  let steps = timeSteps;
  while (steps > 0 && mask[(steps - 1) * batchSize + sequence] === 0) steps--;
  return steps;
}

function stepText({ inputs, targets, mask }: Batch, output: Float32Array | undefined, row: number): string {
  const shown = tripleText(inputs, row * INPUTS);
  if (mask[row] === 0) return shown;
  const target = tripleText(targets, row * TRIPLE);
  if (output === undefined) return `${shown}  target ${target}`;
  const found = tripleText(output, row * TRIPLE);
  return `${shown}  target ${target}  output ${found}${found === target ? "" : "  wrong"}`;
}
