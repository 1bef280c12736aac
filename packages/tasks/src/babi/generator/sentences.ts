import type { Random } from "../../random.js";
import type { BabiLine } from "../stories.js";

/** The persons of the tasks about places: whoever is `he` first. */
export const PERSONS = ["john", "daniel", "mary", "sandra"] as const;

/** The places of the tasks about persons, and of those about places themselves. */
export const PLACES = ["bathroom", "bedroom", "garden", "hallway", "kitchen", "office"] as const;

/** Ways to say that somebody goes somewhere: each as often as the others. */
export const MOVES = ["went to", "went back to", "moved to", "journeyed to", "travelled to"] as const;

/** Ways to say that somebody picks something up. */
export const GETS = ["got", "took", "grabbed", "picked up"] as const;

/** Lines by their text: there are few different ones, and they come again in every story. */
const known = new Map<string, BabiLine>();

/**
 * Returns the line of a statement or a question; the same object for the same text.
 *
 * @param text - Words separated by single spaces, the last one `.` or `?`.
 * @param answer - The words of the answer, separated by commas; absent for a statement.
 */
export function line(text: string, answer?: string): BabiLine {
  const key = answer === undefined ? text : `${text}\t${answer}`;
  const found = known.get(key);
  if (found) return found;
  const words = Object.freeze(text.split(" "));
  const made = Object.freeze(answer === undefined ? { words } : { words, answer: Object.freeze(answer.split(",")) });
  known.set(key, made);
  return made;
}

/** Draws an element, each with the same probability. */
export function pick<Element>(random: Random, list: readonly Element[]): Element {
  return list[random.integer(0, list.length - 1)] as Element;
}

/** Draws an element other than one. */
export function pickOther<Element>(random: Random, list: readonly Element[], other: Element): Element {
  return pick(
    random,
    list.filter((element) => element !== other),
  );
}

/** Draws an order of a list, all with the same probability. */
export function shuffle<Element>(random: Random, list: readonly Element[]): Element[] {
  const rest = [...list];
  return list.map(() => rest.splice(random.integer(0, rest.length - 1), 1)[0] as Element);
}
