import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { associativeRecall } from "../src/algorithmic/associative-recall.js";
import { copy } from "../src/algorithmic/copy.js";
import { keyValue } from "../src/algorithmic/key-value.js";
import { encodeRepeatCopy, repeatCopy } from "../src/algorithmic/repeat-copy.js";
import { twoWayKeyValue } from "../src/algorithmic/two-way-key-value.js";
import { babi } from "../src/babi/babi.js";
import { generateBabiStories } from "../src/babi/generate.js";
import type { Batch } from "../src/batch.js";
import { graphTraversal } from "../src/graph/traversal.js";
import type { QuestionTask } from "../src/question-task.js";
import { createRandom } from "../src/random.js";

const presentation = { signedInputs: true, scoreInputs: true };

/** Every task with questions, in every form that changes its sequences. */
const TASKS = {
  copy: copy({ maxLength: 5 }),
  "copy without start marker": copy({ maxLength: 5, startMarker: false, lengths: true }),
  "repeat copy": repeatCopy({ maxLength: 4, maxRepeats: 5, normMax: 7 }),
  "repeat copy, standardized": repeatCopy({ maxLength: 3, minRepeats: 1, maxRepeats: 9, standardizeRepeats: true }),
  "associative recall": associativeRecall({ numBits: 2, itemLength: 1 }),
  "associative recall, csordas": associativeRecall({ numBits: 3, form: "csordas", ...presentation }),
  "key-value": keyValue({ maxItems: 5 }),
  "key-value, signed": keyValue({ keyBits: 4, valueBits: 2, maxItems: 5, ...presentation, lengths: true }),
  "two-way key-value": twoWayKeyValue({ maxItems: 5 }),
  "two-way key-value, equal values": twoWayKeyValue({ numBits: 3, maxItems: 5, ...presentation }),
  "graph traversal": graphTraversal({ maxPath: 4 }),
  "graph traversal without end marker": graphTraversal({ minPath: 2, maxPath: 3, endMarker: false, lengths: true }),
  "graph traversal of the Underground": graphTraversal({ graph: "underground", maxPath: 5 }),
} as unknown as Readonly<Record<string, QuestionTask<unknown>>>;

/** One sequence of a batch, without the padding after it. */
function sequenceOf({ timeSteps, batchSize, inputs, targets, mask, lengths }: Batch, sequence: number, steps: number) {
  const part = (values: Float32Array) => {
    const size = values.length / (timeSteps * batchSize);
    return Array.from({ length: steps }, (_, step) => {
      const row = step * batchSize + sequence;
      return Array.from(values.subarray(row * size, (row + 1) * size));
    });
  };
  return { inputs: part(inputs), targets: part(targets), mask: part(mask), length: lengths?.[sequence] };
}

describe("questions", () => {
  it.each(Object.entries(TASKS))("%s: decoded and encoded, a sampled sequence stays as it is", (_name, task) => {
    fc.assert(
      fc.property(fc.nat(2 ** 20), (seed) => {
        const batch = task.sampleBatch(createRandom(seed), { batchSize: 3 });
        for (const sequence of [0, 1, 2]) {
          const encoded = task.encode(task.decode(batch, { sequence }));
          const found = sequenceOf(encoded, 0, encoded.timeSteps);
          expect(found).toEqual(sequenceOf(batch, sequence, encoded.timeSteps));
          expect(encoded.lengths).toEqual(batch.lengths && Uint32Array.of(encoded.timeSteps));
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it("may be longer than what the task samples", () => {
    const task = repeatCopy({ numBits: 2, maxLength: 1, maxRepeats: 1 });
    const pattern = Array.from({ length: 30 }, (_, step) => [step % 2, 1]);
    const batch = task.encode({ pattern, repeats: 12 });
    expect(batch).toEqual(encodeRepeatCopy({ patterns: [pattern], repeats: [12] }));
    expect(task.decode(batch)).toEqual({ pattern, repeats: 12 });
  });

  it("asks for the value of one key, in whatever order the pairs are given", () => {
    const task = keyValue({ keyBits: 3, valueBits: 2, maxItems: 8 });
    const batch = task.encode({ pairs: [[5, 2], [1, 3]], queries: [5] }); // biome-ignore format: a pair each
    expect(task.decode(batch)).toEqual({ pairs: [[1, 3], [5, 2]], queries: [5] }); // biome-ignore format: a pair each
    expect(Array.from(batch.mask)).toEqual([0, 0, 0, 1, 0]);
    expect(Array.from(batch.targets).slice(3 * 2, 4 * 2)).toEqual([0, 1]); // the lowest bit first
  });

  it("has a story of bAbI, with every word in a step of its own", () => {
    const stories = generateBabiStories({ task: 1, stories: 3, seed: 1 });
    const task = babi({ stories, batchSize: 1 });
    const batches = [...task.everyBatch()];
    expect(stories.map((story) => task.encodeStory(story))).toEqual(batches);
    expect(() => task.encodeStory([{ words: ["mary", "is", "purple", "."] }])).toThrow(
      "story: expected a question, got none",
    );
    const unknown = [{ words: ["where", "is", "purple", "?"], answer: ["office"] }];
    expect(() => task.encodeStory(unknown)).toThrow('words: expected "purple", which is in a story');
    expect(() => task.encodeStory("" as never)).toThrow("story: expected an array");
  });
});

describe("a question that is none", () => {
  const edge = { source: 1, edge: 2, destination: 3 };
  const back = { source: 3, edge: 2, destination: 1 };
  const item = [[1, 0, 1, 0, 1, 0], [1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0]]; // biome-ignore format: one item
  const cases: readonly (readonly [string, () => unknown, string])[] = [
    ["copy", () => copy().encode({ pattern: [[1, 0]] }), "pattern[0]: expected 4 bits, got 2"],
    ["copy", () => copy().encode({ pattern: [] }), "pattern: expected at least one step, got 0"],
    ["copy", () => copy().encode({ pattern: [[0, 1, 2, 0]] }), "pattern[0][2]: expected 0 or 1, got 2"],
    [
      "copy",
      () => copy().encode({ patterns: [] } as never),
      'unknown question key "patterns"; expected one of pattern',
    ],
    [
      ...(["repeat copy", () => repeatCopy({ numBits: 1 }).encode({ pattern: [[1]], repeats: 0 })] as const),
      "repeats: expected a positive integer, got 0",
    ],
    ["recall", () => associativeRecall().encode({ items: [item], query: 0 }), "items: expected at least 2, got 1"],
    [
      ...(["recall", () => associativeRecall().encode({ items: [item, item.slice(1)], query: 0 })] as const),
      "items[1]: expected 3 steps, got 2",
    ],
    [
      ...(["recall", () => associativeRecall().encode({ items: [item, item], query: 1 })] as const),
      "query: expected an integer from 0 to 0, got 1",
    ],
    [
      ...(["key-value", () => keyValue().encode({ pairs: [[1, 2], [1, 3]], queries: [1] })] as const), // biome-ignore format: pairs
      "pairs[1][0]: expected each key once, got 1 again",
    ],
    [
      ...(["key-value", () => keyValue().encode({ pairs: [[1, 64]], queries: [1] })] as const),
      "pairs[0][1]: expected an integer from 0 to 63, got 64",
    ],
    [
      ...(["key-value", () => keyValue().encode({ pairs: [[1, 6]], queries: [2] })] as const),
      "queries[0]: expected one of the keys, got 2",
    ],
    [
      "key-value",
      () => keyValue().encode({ pairs: [[1, 6]], queries: [] }),
      "queries: expected at least one, got none",
    ],
    [
      ...(["two-way", () => twoWayKeyValue().encode({ pairs: [[1, 6]], queries: [1], valueQueries: [1] })] as const),
      "valueQueries[0]: expected one of the values, got 1",
    ],
    [
      "traversal",
      () => graphTraversal().encode({ edges: [edge], path: [] }),
      "path: expected at least one edge, got none",
    ],
    [
      ...(["traversal", () => graphTraversal().encode({ edges: [edge], path: [back] })] as const),
      "path[0]: expected an edge of the graph, got 3 2 1",
    ],
    [
      ...(["traversal", () => graphTraversal().encode({ edges: [edge, back], path: [edge, edge] })] as const),
      "path[1]: expected an edge from node 3, got one from 1",
    ],
    [
      ...(["traversal", () => graphTraversal().encode({ edges: [edge, edge], path: [edge] })] as const),
      "edges[1]: expected a label once at its source, got 2 at 1 again",
    ],
    [
      ...(["traversal", () => graphTraversal().encode({ edges: [{ ...edge, source: 0 }], path: [edge] })] as const),
      "edges[0].source: expected an integer from 1 to 999, got 0",
    ],
    [
      ...(["copy", () => copy().decode(copy().sampleBatch(createRandom(1)), { sequence: 16 })] as const),
      "sequence: expected an integer from 0 to 15, got 16",
    ],
  ];
  it.each(cases.map(([name, encode, message]) => [name, message, encode] as const))(
    "%s: %s",
    (_name, message, encode) => {
      expect(encode).toThrow(message);
    },
  );
});
