/** Sequences of associative recall, written as words: six items, then one of them again; the network says which came after it. */
import { associativeRecall, createRandom, predictedBits } from "@dnc/tasks";
import { predict } from "@dnc/training";

const ITEMS = 6;
const ROWS = 3;
const BITS = 6;
/** One letter for each row of six bits. */
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export const task = associativeRecall({ numBits: BITS, itemLength: ROWS, minItems: ITEMS, maxItems: ITEMS });

/** Draws the sequence of a seed. */
export function drawSequence(seed) {
  return task.sampleBatch(createRandom(seed), { batchSize: 1 });
}

/** Reads the items of a sequence, the one that is asked for, and the right answer. */
export function readSequence({ inputs, targets }) {
  return {
    items: Array.from({ length: ITEMS }, (_, item) => wordAt(inputs, task.inputSize, stepOf(item))),
    question: wordAt(inputs, task.inputSize, stepOf(ITEMS)),
    answer: wordAt(targets, task.targetSize, stepOf(ITEMS + 1)),
  };
}

/** Runs a network over a sequence and reads its answer. */
export async function ask(network, batch) {
  const output = predictedBits(await predict(network, batch), batch.mask);
  return wordAt(output, task.targetSize, stepOf(ITEMS + 1));
}

/** Asks for another item: copies its rows over the question's. The targets stay as they are. */
export function withQuestion(batch, item) {
  const [from, to] = [stepOf(item), stepOf(item) + ROWS].map((step) => step * task.inputSize);
  return { ...batch, inputs: batch.inputs.slice().copyWithin(stepOf(ITEMS) * task.inputSize, from, to) };
}

/** The first step of an item; the question comes after the items, and after it the answer. Each has a marker before it. */
function stepOf(item) {
  return item * (ROWS + 1) + 1;
}

function wordAt(values, size, step) {
  const letters = Array.from({ length: ROWS }, (_, row) => {
    const start = (step + row) * size;
    return LETTERS[Number.parseInt(values.subarray(start, start + BITS).join(""), 2)];
  });
  return letters.join("");
}
