import type { BabiStory } from "@dnc/tasks";

/** The sets of stories: to train, to validate, and to test. Only task 4 has stories in two of them: there are hardly more than 5000 different ones. */
export const BABI_SETS = ["train", "validation", "test"] as const;

/** Name of a set of stories. */
export type BabiSet = (typeof BABI_SETS)[number];

/**
 * Reads the stories of files in a folder.
 *
 * @param folder - a flag's value, which may be of any kind.
 * @throws RangeError or TypeError that begins with `babiDir` if it names no folder with files.
 */
export type BabiFileStories = (folder: unknown) => StorySource;

/** Where stories come from. */
export interface StorySource {
  /**
   * Returns the stories of a set.
   *
   * @param number - number of the task, 1 to 20.
   * @param set - the set.
   */
  stories(number: number, set: BabiSet): readonly BabiStory[];
  /**
   * Returns stories of a task that have all its words.
   *
   * @param number - number of the task, 1 to 20.
   */
  storiesWithAllWords(number: number): readonly BabiStory[];
}
