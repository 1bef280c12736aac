/** Stories of persons who go from place to place, alone or in pairs: tasks 1, 11, 12 and 13. */
import type { Random } from "../../random.js";
import type { BabiLine, BabiStory } from "../stories.js";
import { line, MOVES, PERSONS, PLACES, pick } from "./sentences.js";

type Person = (typeof PERSONS)[number];

/** Number of questions of a story. */
export const QUESTIONS = 5;

/** A question is about one of so many facts that were told last. */
export const RECENT = 5;

const CONNECTIVES = ["afterwards", "after that", "following that", "then"] as const;

/** Who goes, and whether those who went go on at once, named by a pronoun. */
export type MovesOptions = { readonly pairs: boolean; readonly pronouns: boolean };

/**
 * Draws a story of moves: five times two statements and the question where somebody is.
 *
 * Measured on all stories of the standard files (en-10k, training and test): persons, pairs and places are uniform and independent, except that
 * nobody goes to the place in which they are (0 of 22 000 moves of task 1), and that such a draw is made anew as a whole; five verbs and
 * four connectives, each as often as the others. A question is about a person of the last five facts, each with the same probability,
 * where the place of one person is one fact: a person of whom more was told is asked for more often, and nobody is asked for who was not
 * among them.
 */
export function movesStory(random: Random, { pairs, pronouns }: MovesOptions): BabiStory {
  const place = new Map<Person, string>(PERSONS.map((person) => [person, pick(random, PLACES)]));
  const told: Person[] = [];
  const story: BabiLine[] = [];
  const move = (draw: () => readonly Person[], subject: (persons: readonly Person[]) => string) => {
    for (;;) {
      const persons = draw();
      const to = pick(random, PLACES);
      if (persons.some((person) => place.get(person) === to)) continue;
      for (const person of persons) place.set(person, to);
      told.push(...persons);
      story.push(line(`${subject(persons)} ${pick(random, MOVES)} the ${to} .`));
      return persons;
    }
  };
  const byName = () =>
    move(
      () => drawPersons(random, pairs),
      (persons) => persons.join(" and "),
    );
  for (let question = 0; question < QUESTIONS; question++) {
    const persons = byName();
    if (pronouns)
      move(
        () => persons,
        () => `${pick(random, CONNECTIVES)} ${pronounOf(persons)}`,
      );
    else byName();
    const asked = pick(random, told.slice(-RECENT));
    story.push(line(`where is ${asked} ?`, place.get(asked)));
  }
  return story;
}

function drawPersons(random: Random, pairs: boolean): readonly Person[] {
  const first = pick(random, PERSONS);
  if (!pairs) return [first];
  const others = PERSONS.filter((person) => person !== first);
  return [first, pick(random, others)];
}

function pronounOf(persons: readonly Person[]): string {
  if (persons.length > 1) return "they";
  return persons[0] === "john" || persons[0] === "daniel" ? "he" : "she";
}
