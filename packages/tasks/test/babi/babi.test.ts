/** The task of question answering. */
import { describe, expect, it } from "vitest";
import { type BabiStory, babi, babiWords, createRandom, phasesOf, readBabiStories } from "../../src/index.js";

const STORIES = readBabiStories(
  [
    "1 Mary moved to the bathroom.",
    "2 Where is Mary?\tbathroom\t1",
    "3 John went home.",
    "4 What does Mary carry?\tmilk,apple\t1",
    "1 Is John home?\tno\t1",
    "1 John went home.",
    "2 Is John home?\tyes\t1",
  ].join("\n"),
);

/** Reads a sequence of a batch back: its words, and its answers. */
function read(
  { timeSteps, batchSize, inputs, targets, mask }: ReturnType<ReturnType<typeof babi>["sampleBatch"]>,
  words: readonly string[],
  sequence: number,
) {
  const size = words.length;
  const wordAt = (values: Float32Array, row: number) => {
    const own = [...values.subarray(row * size, (row + 1) * size)];
    expect(own.every((value) => value === 0 || value === 1)).toBe(true);
    expect(own.reduce((sum, value) => sum + value, 0)).toBeLessThanOrEqual(1);
    return words[own.indexOf(1)];
  };
  return Array.from({ length: timeSteps }, (_, step) => {
    const row = step * batchSize + sequence;
    return [wordAt(inputs, row), mask[row] === 1 ? wordAt(targets, row) : undefined] as const;
  });
}

/** What a story is read as, by the definition. */
function expectedOf(story: BabiStory, timeSteps: number) {
  const steps = story.flatMap(({ words, answer = [] }) => [
    ...words.map((word) => [word, undefined] as const),
    ...answer.map((word) => ["-", word] as const),
  ]);
  return [...steps, ...Array.from({ length: timeSteps - steps.length }, () => [undefined, undefined] as const)];
}

describe("question answering", () => {
  const task = babi({ stories: STORIES });

  it("shows a word at a time, and asks for each word of an answer at a dash", () => {
    const batches = [...babi({ stories: STORIES, batchSize: 2 }).everyBatch()];
    expect(batches.map(({ batchSize }) => batchSize)).toEqual([2, 1]);
    const found = batches.flatMap((batch) =>
      Array.from(
        { length: batch.batchSize },
        (_, sequence) => [read(batch, task.words, sequence), batch.timeSteps] as const,
      ),
    );
    expect(found.map(([steps]) => steps)).toEqual(
      STORIES.map((story, index) => expectedOf(story, (found[index] as (typeof found)[number])[1])),
    );
  });

  it("ends stories after a number of questions, with the words of all of them", () => {
    const text = (questions?: number) => {
      const short = babi({ stories: STORIES, questions, batchSize: 3 });
      const [batch] = [...short.everyBatch()] as [ReturnType<typeof task.sampleBatch>];
      expect(short.words).toEqual(task.words);
      expect(short.maxTimeSteps).toBe(batch.timeSteps);
      return short.render(batch, undefined, { wholeBatch: true });
    };
    expect(text(1)).toBe(
      [
        "\nmary moved to the bathroom.\nwhere is mary?  bathroom",
        "is john home?  no",
        "john went home.\nis john home?  yes",
      ].join("\n\n\n\n"),
    );
    expect(text(2)).toBe(text());
    expect(text(3)).toBe(text());
  });

  it("exchanges words of a group in a whole story, each order as often as any other", () => {
    const stories = readBabiStories("1 Ann met Bob.\n2 Who met Cleo?\tann,bob\t1");
    const exchanged = babi({ stories, exchange: [["ann", "bob", "cleo"]] });
    const counts = new Map<string, number>();
    const random = createRandom(5);
    const read = () => exchanged.render(exchanged.sampleBatch(random, { batchSize: 1 }));
    for (let draw = 0; draw < 1200; draw++) {
      const text = read();
      const [, one, other, third] = /^\n(\w+) met (\w+)\.\nwho met (\w+)\? {2}/.exec(text) ?? [];
      expect(text.endsWith(`  ${one},${other}`)).toBe(true);
      expect([one, other, third].sort()).toEqual(["ann", "bob", "cleo"]);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // 200 expected of each, with a standard deviation of 13.
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(60);
    const [whole] = [...exchanged.everyBatch()] as [ReturnType<typeof task.sampleBatch>];
    expect(exchanged.render(whole)).toBe("\nann met bob.\nwho met cleo?  ann,bob");
  });

  it("samples every story, the same for a seed", () => {
    const texts = new Set<string>();
    const random = createRandom(3);
    for (let draw = 0; draw < 30; draw++) texts.add(task.render(task.sampleBatch(random, { batchSize: 1 })));
    expect(texts.size).toBe(STORIES.length);
    expect(task.sampleBatch(createRandom(7))).toEqual(task.sampleBatch(createRandom(7)));
    const whole = task.sampleBatch(createRandom(7), { batchSize: 5 });
    const random7 = createRandom(7);
    const single = Array.from({ length: 5 }, () => task.sampleBatch(random7, { batchSize: 1 }));
    expect(single.map((batch) => task.render(batch))).toEqual(
      task
        .render(whole, undefined, { wholeBatch: true })
        .slice(1)
        .split("\n\n\n\n")
        .map((text) => `\n${text}`),
    );
  });

  it("has all facts", () => {
    expect(task).toMatchObject({
      name: "babi",
      loss: "softmax",
      inputSize: 20,
      targetSize: 20,
      batchSize: 16,
      maxTimeSteps: 22,
      meanCountedSteps: 5 / 3,
      description: "3 stories of at most 22 words, 20 different",
    });
    expect(task.words).toEqual(babiWords(STORIES));
    expect(task.channelLabels()).toEqual({ inputs: task.words, targets: task.words });
    const [batch] = [...babi({ stories: STORIES, lengths: true }).everyBatch()];
    expect(batch?.lengths).toEqual(Uint32Array.from([22, 5, 9]));
    expect(phasesOf(task, batch as NonNullable<typeof batch>)).toEqual([
      ...new Array(6).fill("story"),
      ...new Array(4).fill("question"),
      "answer",
      ...new Array(4).fill("story"),
      ...new Array(5).fill("question"),
      ...new Array(2).fill("answer"),
    ]);
  });

  it("is shown as sentences, with what the network answered", () => {
    const [batch] = [...babi({ stories: STORIES.slice(0, 1) }).everyBatch()] as [ReturnType<typeof task.sampleBatch>];
    const own = babi({ stories: STORIES.slice(0, 1) });
    expect(own.render(batch)).toBe(
      "\nmary moved to the bathroom.\nwhere is mary?  bathroom\njohn went home.\nwhat does mary carry?  milk,apple",
    );
    const output = batch.targets.slice();
    const size = own.words.length;
    output.set(
      own.words.map((word) => (word === "home" ? 2 : 0)),
      21 * size,
    );
    expect(own.render(batch, output)).toContain("\nwhere is mary?  bathroom  right\n");
    expect(own.render(batch, output)).toMatch(/\? {2}milk,apple {2}wrong: milk,home$/);
    output[21 * size] = Number.NaN;
    expect(own.render(batch, output)).toMatch(/wrong: milk,NaN$/);
  });

  it("refuses what it cannot read", () => {
    expect(() => babi({ stories: [] })).toThrow("stories: expected at least one, got none");
    expect(() => babi({ stories: STORIES, words: ["mary"] })).toThrow('words: expected "moved", which is in a story');
    expect(() => babi({ stories: STORIES, words: ["a", "a"] })).toThrow(
      'words[1]: expected each word once, got "a" again',
    );
    expect(() => babi({ stories: STORIES, batchSize: 0 })).toThrow("batchSize: expected a positive integer, got 0");
    const exchanged = (...groups: string[][]) => babi({ stories: STORIES, exchange: groups });
    expect(() => exchanged(["mary"])).toThrow("exchange[0]: expected at least two words, got 1");
    expect(() => exchanged(["mary", "jon"])).toThrow('exchange[0]: expected words of the stories, got "jon"');
    expect(() => exchanged(["mary", "john"], ["milk", "john"])).toThrow(
      'exchange[1]: expected each word once, got "john" again',
    );
    expect(() => babi({ stories: STORIES, questions: 0 })).toThrow("questions: expected a positive integer, got 0");
    expect(() => babi({ stories: STORIES, colour: 1 } as object as { stories: typeof STORIES })).toThrow(
      'unknown config key "colour"',
    );
  });
});
