/** Stories of task 9, in which some statements say where somebody is not. */
import type { Random } from "../../random.js";
import type { BabiLine, BabiStory } from "../stories.js";
import { QUESTIONS, RECENT } from "./moves.js";
import { line, MOVES, PERSONS, PLACES, pick, pickOther } from "./sentences.js";

type Person = (typeof PERSONS)[number];

/** What was told of a person last. */
type Fact = { readonly place: string; readonly holds: boolean };

/**
 * Draws a story with negation: five times two statements and the question whether somebody is in a place.
 *
 * Measured as for `movesStory`: with every statement a person goes to another place, uniformly. Half of the statements tell the move, a quarter
 * where the person is now, and a quarter where the person is not any more. A question is about a person of the last five statements: after a
 * denial about the place that was denied, so that the answer is no; otherwise it is yes as often as no (in all, 37.4% of the answers are yes).
 */
export function denialsStory(random: Random): BabiStory {
  const place = new Map<Person, string>(PERSONS.map((person) => [person, pick(random, PLACES)]));
  const facts = new Map<Person, Fact>();
  const told: Person[] = [];
  const story: BabiLine[] = [];
  const tell = () => {
    const person = pick(random, PERSONS);
    const from = place.get(person) as string;
    const to = pickOther(random, PLACES as readonly string[], from);
    place.set(person, to);
    told.push(person);
    const form = random.integer(0, 3);
    facts.set(person, form === 3 ? { place: from, holds: false } : { place: to, holds: true });
    if (form < 2) story.push(line(`${person} ${pick(random, MOVES)} the ${to} .`));
    else if (form === 2) story.push(line(`${person} is in the ${to} .`));
    else story.push(line(`${person} is ${pick(random, ["not", "no longer"])} in the ${from} .`));
  };
  for (let question = 0; question < QUESTIONS; question++) {
    tell();
    tell();
    const asked = pick(random, told.slice(-RECENT));
    story.push(placeQuestion(random, asked, facts.get(asked) as Fact));
  }
  return story;
}

/** Draws a question that is answered by yes or no: about the place of a fact, or another one. */
export function placeQuestion(random: Random, person: string, { place, holds }: Fact): BabiLine {
  const isSame = !holds || random.integer(0, 1) === 0;
  const about = isSame ? place : pickOther(random, PLACES as readonly string[], place);
  return line(`is ${person} in the ${about} ?`, holds && isSame ? "yes" : "no");
}
