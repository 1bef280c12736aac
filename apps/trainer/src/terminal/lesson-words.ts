import type { LessonsConfig } from "@dnc/settings";
import type { CurrentLesson, PassedLesson } from "@dnc/training";
import { percentage } from "./format.js";

/** Formats the curriculum of a run: `4, each until exact match is at least 90.0%, decided every 100 iterations`. */
export function curriculumText({ tasks, options: { promotion } }: LessonsConfig): string {
  const { metric = "exact match", atLeast, atMost, every = 100 } = promotion;
  const isFraction = metric === "exact match";
  const bound = atLeast === undefined ? `at most ${atMost}` : `at least ${isFraction ? percentage(atLeast) : atLeast}`;
  return `${tasks.length}, each until ${metric} is ${bound}, decided every ${every} iterations`;
}

/** Formats a lesson that was passed: `lesson 1 of 4 passed after iteration 300: exact match 91.5%`. */
export function passedText({ number, count, step, metric, value }: PassedLesson): string {
  const measured = metric === "exact match" ? percentage(value) : value.toFixed(4);
  return `lesson ${number} of ${count} passed after iteration ${step}: ${metric} ${measured}`;
}

/** Formats the lesson of a report: `lesson 2/4`. */
export function lessonText({ number, count }: CurrentLesson): string {
  return `lesson ${number}/${count}`;
}
