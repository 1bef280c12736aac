import type { Dnc, LstmNetwork } from "@dnc/core";
import type { CompleteTask } from "@dnc/settings";
import { answerBabiStory, type BabiStory, type BabiTask, readBabiStories } from "@dnc/tasks";
import type { RunOptions } from "../network/run-sequence.js";
import type { SequenceView } from "../trace/sequence-view.js";
import type { AskedStory } from "./question.js";
import { randomOf, viewOf } from "./trace-view.js";

/** Whether a task is about stories and questions. */
export function isStoryTask(task: CompleteTask): task is CompleteTask & BabiTask {
  return "encodeStory" in task && "words" in task;
}

/** Draws a story of the task, without its answers. */
export function drawStory(task: BabiTask, seed: number): AskedStory {
  const text = task.render(task.sampleBatch(randomOf(seed), { batchSize: 1 })).trim();
  const lines = text.split("\n").map((line) => sentenceOf(line.split("  ")[0] as string));
  return { lines, words: task.words };
}

/** A line as people write it. */
function sentenceOf(line: string): string {
  return line.charAt(0).toUpperCase() + line.slice(1);
}

/**
 * Asks a network about a story. What is right is found by rules; where they do not know the sentences, nothing is right or wrong.
 *
 * @param lines - statements and questions, at least one question.
 * @throws Error with a sentence for people if a word is not one of the task, or a line is neither a statement nor a question.
 */
export async function askStory(
  network: Dnc | LstmNetwork,
  task: CompleteTask,
  lines: readonly string[],
  run: RunOptions,
): Promise<SequenceView> {
  if (!isStoryTask(task)) throw new Error(`Task ${task.name} has no stories.`);
  const story = storyOf(lines, task.words);
  const known = answersOf(story);
  let question = 0;
  const answered = story.map(({ words, answer }) => {
    if (answer === undefined) return { words };
    const right = known?.[question++] ?? answer;
    return { words, answer: right.every((word) => task.words.includes(word)) ? right : answer };
  });
  const view = await viewOf(network, task.encodeStory(answered), task, task, run);
  return { ...view, title: "Your story", withoutTargets: known === undefined };
}

/** Reads lines; each question gets some word as its answer, which says how long the answer is. */
function storyOf(lines: readonly string[], known: readonly string[]): BabiStory {
  const given = lines.map((line) => line.trim().replaceAll(/\s+/g, " ")).filter((line) => line !== "");
  const ended = given.map((line) => (/[.?]$/.test(line) ? line : `${line}.`));
  const unknown = ended.flatMap((line) =>
    line
      .toLowerCase()
      .split(/[\s.?]+/)
      .filter((word) => word !== "" && !known.includes(word)),
  );
  if (unknown.length > 0) {
    const named = [...new Set(unknown)].map((word) => `“${word}”`).join(", ");
    throw new Error(
      `This network does not know ${named}. It knows ${known.length} words, which are listed below the story.`,
    );
  }
  if (!ended.some((line) => line.endsWith("?")))
    throw new Error("Ask a question: a line that ends with a question mark.");
  const filler = known.find((word) => /^[a-z]+$/.test(word)) as string;
  const text = ended.map((line, index) => `${index + 1} ${line}${line.endsWith("?") ? `\t${filler}\t1` : ""}`);
  return readBabiStories(text.join("\n")).flat();
}

/** The right answers by rules; undefined if they do not know the sentences. */
function answersOf(story: BabiStory): readonly (readonly string[])[] | undefined {
  try {
    return answerBabiStory(story);
  } catch {
    return undefined;
  }
}
