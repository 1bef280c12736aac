/** Stories of task 10, in which some statements name two places where somebody may be. */
import type { Random } from "../../random.js";
import type { BabiLine, BabiStory } from "../stories.js";
import { QUESTIONS, RECENT } from "./moves.js";
import { line, MOVES, pick, pickOther, shuffle } from "./sentences.js";

const PERSONS = ["bill", "fred", "julie", "mary"] as const;
const PLACES: readonly string[] = ["bedroom", "cinema", "kitchen", "office", "park", "school"];

/**
 * Draws a story of indefinite knowledge: five times two statements and the question whether somebody is in a place.
 *
 * Measured as for `movesStory`: with every statement a person goes to another place, uniformly. Half of the statements tell the move, a quarter
 * where the person is now, and a quarter two places in either order, that place and a uniform one, also the same again (17%). A question is about a
 * person of the last five statements; half ask for the place where the person is, the others uniformly for one of the five others. The answer after two places is
 * maybe if the place is one of them (58%), else no.
 */
export function doubtsStory(random: Random): BabiStory {
  const place = new Map<string, string>(PERSONS.map((person) => [person, pick(random, PLACES)]));
  const possible = new Map<string, readonly string[]>();
  const told: string[] = [];
  const story: BabiLine[] = [];
  const tell = () => {
    const person = pick(random, PERSONS);
    const to = pickOther(random, PLACES, place.get(person) as string);
    place.set(person, to);
    told.push(person);
    const form = random.integer(0, 3);
    const places = form === 3 ? shuffle(random, [to, pick(random, PLACES)]) : [to];
    possible.set(person, places);
    if (form < 2) story.push(line(`${person} ${pick(random, MOVES)} the ${to} .`));
    else if (form === 2) story.push(line(`${person} is in the ${to} .`));
    else story.push(line(`${person} is either in the ${places.join(" or the ")} .`));
  };
  for (let question = 0; question < QUESTIONS; question++) {
    tell();
    tell();
    const asked = pick(random, told.slice(-RECENT));
    const is = place.get(asked) as string;
    const about = random.integer(0, 1) === 0 ? is : pickOther(random, PLACES, is);
    const places = possible.get(asked) as readonly string[];
    const answer = places.length === 1 ? "yes" : "maybe";
    story.push(line(`is ${asked} in the ${about} ?`, places.includes(about) ? answer : "no"));
  }
  return story;
}
