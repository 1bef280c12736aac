import { assertKeys, assertNumber, assertPositiveInteger } from "../checks.js";
import { createRandom, type Random } from "../random.js";
import { coloursStory, fearsStory } from "./generator/animals.js";
import { denialsStory } from "./generator/denials.js";
import { doubtsStory } from "./generator/doubts.js";
import { motivesStory } from "./generator/motives.js";
import { movesStory } from "./generator/moves.js";
import { GIVERS, GIVERS_WHO_COUNT, objectsStory } from "./generator/objects.js";
import { pathStory, rowStory } from "./generator/relations.js";
import type { BabiStory } from "./stories.js";

/** Draws a story of each task whose rules are known. */
const GENERATORS = new Map<number, (random: Random) => BabiStory>([
  [1, (random) => movesStory(random, { pairs: false, pronouns: false })],
  [2, (random) => objectsStory(random, { asks: "whereabouts" })],
  [3, (random) => objectsStory(random, { asks: "before", rarelyThere: true })],
  [4, rowStory],
  [5, (random) => objectsStory(random, { asks: "gift", persons: GIVERS, gifts: true })],
  [6, (random) => objectsStory(random, { asks: "yes-no" })],
  [7, (random) => objectsStory(random, { asks: "number", persons: GIVERS_WHO_COUNT, gifts: true })],
  [8, (random) => objectsStory(random, { asks: "list" })],
  [9, denialsStory],
  [10, doubtsStory],
  [11, (random) => movesStory(random, { pairs: false, pronouns: true })],
  [12, (random) => movesStory(random, { pairs: true, pronouns: false })],
  [13, (random) => movesStory(random, { pairs: true, pronouns: true })],
  [15, fearsStory],
  [16, coloursStory],
  [19, pathStory],
  [20, motivesStory],
]);

/** The numbers of bAbI's tasks whose stories `generateBabiStories` draws. */
export const GENERATED_BABI_TASKS: readonly number[] = [...GENERATORS.keys()];

/** Which stories are generated, and how many. */
export type GenerateBabiConfig = {
  /** Number of a task of bAbI, one of `GENERATED_BABI_TASKS`. */
  readonly task: number;
  /** Number of stories, at least 1. */
  readonly stories: number;
  /** An integer in [0, 2^32 - 1]; the same seed gives the same stories on every machine. */
  readonly seed: number;
};

/**
 * Draws stories like those of a task of bAbI, without its files: the same words, sentences, answers and lengths.
 *
 *     const stories = generateBabiStories({ task: 1, stories: 1000, seed: 1 });
 *     const task = babi({ stories });
 *
 * The rules were found by measuring the standard files (en-10k), and are at each task's generator; the guide compares both. Answers follow from the
 * statements before them: `answerBabiStory` finds the same.
 *
 * Source: the tasks: Weston et al. 2015, "Towards AI-complete question answering", arXiv:1502.05698, section 3.
 *
 * @param config - `task`, `stories` and `seed`, all required.
 * @returns As many stories, as from `readBabiStories`. Lines with the same words are the same frozen object.
 * @throws RangeError if the task is not among those whose rules are known, `stories` is not a positive integer, or `seed` is out of range; TypeError if a
 *   value is of the wrong kind or a key is unknown.
 */
export function generateBabiStories(config: GenerateBabiConfig): readonly BabiStory[] {
  assertKeys("config", config, ["task", "stories", "seed"]);
  const { task, stories: length, seed } = config;
  const generate = GENERATORS.get(task);
  const expected = `one of ${GENERATED_BABI_TASKS.join(", ")}, whose rules are known`;
  if (generate === undefined) {
    assertNumber("task", task, expected);
    throw new RangeError(`task: expected ${expected}, got ${task}`);
  }
  assertPositiveInteger("stories", length);
  const random = createRandom(seed);
  return Array.from({ length }, () => generate(random));
}
