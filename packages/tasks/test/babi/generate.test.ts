/** Generated stories against the rules of their tasks, the interpreter, and what was measured on the standard files. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  answerBabiStory,
  type BabiStory,
  babi,
  babiWords,
  createRandom,
  GENERATED_BABI_TASKS,
  generateBabiStories,
  readBabiStories,
} from "../../src/index.js";

/** What `tools/bench/babi-stories.mjs` measured on all stories of the standard files. */
type Facts = {
  readonly stories: number;
  readonly questions: number;
  readonly linesPerStory: number;
  readonly wordsPerStory: number;
  readonly words: readonly string[];
  readonly answers: Readonly<Record<string, number>>;
};
const STANDARD = JSON.parse(readFileSync(new URL("standard-files.json", import.meta.url), "utf8")) as Record<
  number,
  Facts
>;

const generate = (task: number, stories: number, seed = 1) => generateBabiStories({ task, stories, seed });
const answersOf = (story: BabiStory) => story.flatMap(({ answer }) => (answer === undefined ? [] : [answer]));
const textOf = (story: BabiStory) =>
  story.map(({ words, answer }) => [words.join(" "), answer?.join(",")].filter(Boolean).join("\t"));

/** How far a mean of stories is from another one, in standard errors of their difference. */
function deviation(values: readonly number[], mean: number, count: number): number {
  const own = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - own) ** 2, 0) / (values.length - 1);
  return own === mean ? 0 : Math.abs(own - mean) / Math.sqrt(variance * (1 / values.length + 1 / count));
}

describe.each(GENERATED_BABI_TASKS)("stories of task %i", (task) => {
  const stories = generate(task, 1500);
  const standard = STANDARD[task] as Facts;

  it("have the answers that follow from them", () => {
    for (const seed of [1, 2, 3, 4, 5])
      for (const story of generate(task, 100, seed)) {
        const untold = story.map(({ words, answer }) => (answer ? { words, answer: ["unknown"] } : { words }));
        expect(answerBabiStory(untold), textOf(story).join("\n")).toEqual(answersOf(story));
      }
  });

  it("have the words of the standard files, and as many of them", () => {
    expect(babiWords(stories)).toEqual(standard.words);
    const words = stories.map((story) =>
      story.reduce((sum, line) => sum + line.words.length + (line.answer?.length ?? 0), 0),
    );
    expect(deviation(words, standard.wordsPerStory, standard.stories)).toBeLessThan(4);
    const lines = stories.map((story) => story.length);
    expect(deviation(lines, standard.linesPerStory, standard.stories)).toBeLessThan(4);
  });

  it("have each answer as often as the standard files", () => {
    const all = stories.flatMap(answersOf).map((answer) => answer.join(","));
    // Of rarer ones, lists of three things, there are too few to compare.
    const common = Object.keys(standard.answers).filter((answer) => (standard.answers[answer] as number) > 0.005);
    expect(all).toEqual(expect.arrayContaining(common));
    expect(Object.keys(standard.answers)).toEqual(expect.arrayContaining([...new Set(all)]));
    for (const answer of common) {
      const counts = stories.map((story) => {
        const given = answersOf(story);
        return given.filter((words) => words.join(",") === answer).length / given.length;
      });
      expect(deviation(counts, standard.answers[answer] as number, standard.stories), answer).toBeLessThan(4);
    }
  });

  it("are the same for a seed, others for another one, and read as files are", () => {
    expect(generate(task, 5, 7)).toEqual(generate(task, 5, 7));
    expect(generate(task, 9, 7).slice(0, 5)).toEqual(generate(task, 5, 7));
    expect(generate(task, 5, 8)).not.toEqual(generate(task, 5, 7));
    const text = generate(task, 20)
      .flatMap((story) => textOf(story).map((line, index) => `${index + 1} ${line}`))
      .join("\n");
    expect(readBabiStories(text)).toEqual(generate(task, 20));
  });
});

describe("generated stories", () => {
  it("are of the tasks whose rules are known", () => {
    expect(GENERATED_BABI_TASKS).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 19, 20]);
    expect(GENERATED_BABI_TASKS.map(String)).toEqual(Object.keys(STANDARD));
  });

  it("stay the same from version to version, as runs are repeated with them", () => {
    expect(
      GENERATED_BABI_TASKS.map((task) => textOf(generate(task, 1)[0] as BabiStory).slice(0, 3)),
    ).toMatchInlineSnapshot(`
      [
        [
          "john travelled to the bathroom .",
          "daniel travelled to the bedroom .",
          "where is daniel ?	bedroom",
        ],
        [
          "mary went back to the bedroom .",
          "daniel grabbed the football there .",
          "sandra went back to the bathroom .",
        ],
        [
          "mary went back to the bedroom .",
          "daniel grabbed the football .",
          "daniel journeyed to the bedroom .",
        ],
        [
          "the hallway is south of the bathroom .",
          "the bathroom is south of the garden .",
          "what is the garden north of ?	bathroom",
        ],
        [
          "fred moved to the bathroom .",
          "mary moved to the garden .",
          "fred got the milk there .",
        ],
        [
          "mary went back to the bedroom .",
          "daniel grabbed the football there .",
          "is mary in the bedroom ?	yes",
        ],
        [
          "mary moved to the bathroom .",
          "john moved to the garden .",
          "mary got the milk there .",
        ],
        [
          "mary went back to the bedroom .",
          "daniel grabbed the football there .",
          "what is daniel carrying ?	football",
        ],
        [
          "mary went to the office .",
          "sandra travelled to the hallway .",
          "is sandra in the hallway ?	yes",
        ],
        [
          "julie went to the school .",
          "mary travelled to the office .",
          "is mary in the office ?	yes",
        ],
        [
          "john travelled to the bathroom .",
          "after that he travelled to the bedroom .",
          "where is john ?	bedroom",
        ],
        [
          "mary and john went to the bathroom .",
          "sandra and daniel travelled to the bedroom .",
          "where is john ?	bathroom",
        ],
        [
          "mary and john went to the bathroom .",
          "after that they went back to the hallway .",
          "where is john ?	hallway",
        ],
        [
          "cats are afraid of mice .",
          "wolves are afraid of mice .",
          "mice are afraid of sheep .",
        ],
        [
          "bernhard is a lion .",
          "julius is a frog .",
          "greg is a swan .",
        ],
        [
          "the bedroom is west of the hallway .",
          "the kitchen is east of the bathroom .",
          "the bathroom is north of the hallway .",
        ],
        [
          "yann is tired .",
          "where will yann go ?	bedroom",
          "jason is thirsty .",
        ],
      ]
    `);
  });

  it("are learned as those of files are", () => {
    const task = babi({ stories: generate(1, 50), batchSize: 4 });
    expect(task.render(task.sampleBatch(createRandom(1)))).toMatch(/^\n\w+ \w+ .*\.\n.*\n*where is \w+\? {2}\w+\n/);
    expect(task.meanCountedSteps).toBe(5);
  });

  it("cannot be changed, since lines are shared", () => {
    const [{ words }] = generate(1, 1)[0] as [{ words: string[] }];
    expect(() => words.push("x")).toThrow(TypeError);
  });

  it("ask only for what was told of late", () => {
    for (const story of generate(1, 200)) {
      const told: (string | undefined)[] = [];
      for (const { words, answer } of story)
        if (answer === undefined) told.push(words[0]);
        else expect(told.slice(-5)).toContain(words[2]);
    }
  });

  it("never move a person to where that person is", () => {
    for (const task of [1, 2, 3, 6, 12])
      for (const story of generate(task, 200)) {
        const places = new Map<string, string | undefined>();
        for (const { words } of story) {
          const to = words.indexOf("to");
          if (to < 0) continue;
          const place = words.at(-2);
          for (const person of words.slice(0, to).filter((word) => /^(mary|john|daniel|sandra)$/.test(word))) {
            expect(places.get(person)).not.toBe(place);
            places.set(person, place);
          }
        }
      }
  });

  it("say what a kind is afraid of before who is of this kind", () => {
    const many = new Map(Object.entries({ cat: "cats", mouse: "mice", sheep: "sheep", wolf: "wolves" }));
    for (const story of generate(15, 200)) {
      const feared = new Set<string | undefined>();
      for (const { words } of story)
        if (words[2] === "afraid" && words[1] === "are") feared.add(words[0]);
        else if (words[2] === "a") expect(feared).toContain(many.get(words[3] as string));
    }
  });

  it("ask for the colour of an animal of whose kind one, three or four others are", () => {
    const counts = new Set<number>();
    for (const story of generate(16, 500)) {
      const kinds = new Map(story.flatMap(({ words }) => (words[2] === "a" ? [[words[0], words[3]]] : [])));
      const asked = kinds.get(story.at(-1)?.words[3] as string);
      counts.add([...kinds.values()].filter((kind) => kind === asked).length - 1);
    }
    expect([...counts].sort()).toEqual([1, 3, 4]);
  });

  it("are refused where the rules are not known, in a sentence", () => {
    expect(() => generate(14, 1)).toThrow(
      new RangeError(
        "task: expected one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 19, 20, whose rules are known, got 14",
      ),
    );
    expect(() => generate("1" as unknown as number, 1)).toThrow(TypeError);
    expect(() => generate(1, 0)).toThrow("stories: expected a positive integer, got 0");
    expect(() => generate(1, 1, -1)).toThrow("seed: expected an integer from 0 to 4294967295, got -1");
    expect(() => generateBabiStories({ task: 1, stories: 1, seed: 1, size: 2 } as never)).toThrow(
      'unknown config key "size"; expected one of task, stories, seed',
    );
  });
});
