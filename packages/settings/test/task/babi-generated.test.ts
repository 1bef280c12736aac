/** Generated stories of bAbI: others in each set, with the same words. */
import { GENERATED_BABI_TASKS } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { babiTask } from "../../src/task/babi.js";

const SETS = ["train", "validation", "test"] as const;

/** The stories of a set as text, each as often as it comes. */
function storiesOf(babiSet: string, tasks: string): readonly string[] {
  const task = babiTask({ babiSource: "generated", babiTask: tasks, babiSet, batchSize: 500 });
  return [...task.everyBatch()].flatMap((batch) =>
    task.render(batch, undefined, { wholeBatch: true }).trimStart().split("\n\n\n\n"),
  );
}

describe("generated stories", () => {
  it("are others in each set, and the same every time", () => {
    const [train, validation, test] = SETS.map((set) => new Set(storiesOf(set, "1")));
    expect([train?.size, validation?.size, test?.size]).toEqual([10_000, 1000, 1000]);
    for (const story of [...(validation ?? []), ...(test ?? [])]) expect(train?.has(story)).toBe(false);
    for (const story of validation ?? []) expect(test?.has(story)).toBe(false);
    expect(storiesOf("test", "1")).toEqual([...(test ?? [])]);
  });

  it.each(GENERATED_BABI_TASKS)("of task %i have words that the test stories have", (number) => {
    const [train, test] = ["train", "test"].map((babiSet) =>
      babiTask({ babiSource: "generated", babiTask: number, babiSet }),
    );
    expect(train?.words).toEqual(test?.words);
  });

  it("are those of several tasks, with the words of others", () => {
    const task = babiTask({ babiSource: "generated", babiTask: "1,15", babiSet: "test", babiWords: "1,15,20" });
    expect(task.description).toMatch(/^2000 stories/);
    expect(task.words).toEqual(expect.arrayContaining(["mary", "gertrude", "sumit"]));
  });
});
