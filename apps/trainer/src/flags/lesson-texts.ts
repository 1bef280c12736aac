import type { RunRecord, TaskFlags } from "./run-record.js";

/** Describes lessons, one a line, and their promotion; nothing without lessons. */
export function lessonTexts({
  lessons = [],
  promotion,
}: Pick<RunRecord, "lessons" | "promotion">): readonly (readonly [label: string, text: string])[] {
  const lines = lessons.map((lesson, index) => [`lesson ${index + 1}`, textOf(lesson)] as const);
  return promotion === undefined ? lines : [...lines, ["promotion", textOf(promotion)]];
}

function textOf(values: TaskFlags): string {
  const words = Object.entries(values).map(([name, value]) => `${name} ${value}`);
  return words.length === 0 ? "the task itself" : words.join(", ");
}
