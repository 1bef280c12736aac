import type { RunRecord, TaskFlags } from "./run-record.js";

/**
 * Describes lessons, one a line, and their promotion.
 *
 * @param record - lessons and promotion of a run or a preset.
 * @returns a label and a text for each line; none without lessons.
 */
export function lessonTexts(
  record: Pick<RunRecord, "lessons" | "promotion">,
): readonly (readonly [label: string, text: string])[] {
  const { lessons = [], promotion } = record;
  const lines = lessons.map((lesson, index) => [`lesson ${index + 1}`, textOf(lesson)] as const);
  return promotion === undefined ? lines : [...lines, ["promotion", textOf(promotion)]];
}

function textOf(values: TaskFlags): string {
  const words = Object.entries(values).map(([name, value]) => `${name} ${value}`);
  return words.length === 0 ? "the task itself" : words.join(", ");
}
