import type { BabiStory } from "@dnc/tasks";

/** The sets of stories: to train, to validate, and to test. Only task 4 has stories in two of them: there are hardly more than 5000 different ones. */
export const BABI_SETS = ["train", "validation", "test"] as const;

/** Name of a set of stories. */
export type BabiSet = (typeof BABI_SETS)[number];

/** Where stories come from. */
export interface StorySource {
  /** Returns the stories of a set, for the number of a task. */
  stories(number: number, set: BabiSet): readonly BabiStory[];
  /** Returns stories of a task that have all its words. */
  storiesWithAllWords(number: number): readonly BabiStory[];
}
