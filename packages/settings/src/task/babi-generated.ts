/** Generated stories of bAbI, which need no files. */
import { type BabiStory, GENERATED_BABI_TASKS, generateBabiStories } from "@dnc/tasks";
import { BABI_SETS, type BabiSet, type StorySource } from "./babi-source.js";

/** Number of stories of each set of a task. Those of the standard files have 90 to 10 000 stories of a task to train, and 1000 questions to test. */
const COUNTS: Readonly<Record<BabiSet, number>> = { train: 10_000, validation: 1000, test: 1000 };

/** Tasks of a set have seeds of their own, from this times the number of the set. */
const SEEDS_PER_SET = 100;

/** Stories that were generated, by seed: a command creates its task several times. */
const generated = new Map<number, readonly BabiStory[]>();

/**
 * Generates the stories of tasks, from different seeds for each set and task; the same in every run.
 *
 * @param babiDir - must be absent.
 * @param numbers - the tasks that are used.
 * @throws RangeError or TypeError that begins with the name of an option if a folder is given, or a task whose rules are not known.
 */
export function babiGenerated(
  babiDir: unknown,
  numbers: Readonly<Record<"babiTask" | "babiWords", readonly number[]>>,
): StorySource {
  if (babiDir !== undefined)
    throw new TypeError("babiDir: expected only with babiSource=files, got it with babiSource=generated");
  for (const [name, given] of Object.entries(numbers)) {
    const unknown = given.find((number) => !GENERATED_BABI_TASKS.includes(number));
    if (unknown !== undefined)
      throw new RangeError(
        `${name}: expected some of ${GENERATED_BABI_TASKS.join(",")} with babiSource=generated, got task ${unknown} among them`,
      );
  }
  return {
    stories: storiesOf,
    // A thousand stories have all words of a task: there are at most 40, none of them rare.
    storiesWithAllWords: (number) => storiesOf(number, "test"),
  };
}

function storiesOf(number: number, set: BabiSet): readonly BabiStory[] {
  const seed = SEEDS_PER_SET * (BABI_SETS.indexOf(set) + 1) + number;
  const known = generated.get(seed);
  if (known) return known;
  const stories = generateBabiStories({ task: number, stories: COUNTS[set], seed });
  generated.set(seed, stories);
  return stories;
}
