/** Stories of task 20: why persons go somewhere and get something. */
import type { Random } from "../../random.js";
import type { BabiLine, BabiStory } from "../stories.js";
import { GETS, line, MOVES, pick } from "./sentences.js";

const NAMES = ["antoine", "jason", "sumit", "yann"] as const;

const MOTIVES = [
  { state: "bored", place: "garden", thing: "football" },
  { state: "hungry", place: "kitchen", thing: "apple" },
  { state: "thirsty", place: "kitchen", thing: "milk" },
  { state: "tired", place: "bedroom", thing: "pajamas" },
] as const;
type Motive = (typeof MOTIVES)[number];

/**
 * Draws a story in which each of four persons has a motive, goes to its place, and gets its thing if nobody else has it; each statement is followed
 * by a question.
 *
 * Measured as for `movesStory` (1026 stories): motives are uniform; the next person is drawn uniformly from those who can do something, and a story ends
 * when nobody can. So it has as many things got as there are different motives (mean 2.73), and 9 to 12 questions.
 */
export function motivesStory(random: Random): BabiStory {
  const motives = new Map<string, Motive>();
  const moved = new Set<string>();
  const taken = new Set<Motive>();
  const story: BabiLine[] = [];
  const isBusy = (name: string) => !moved.has(name) || !taken.has(motives.get(name) as Motive);
  const done = new Set<string>();
  for (;;) {
    const able = NAMES.filter((name) => !done.has(name) && isBusy(name));
    if (able.length === 0) return story;
    const name = pick(random, able);
    const motive = motives.get(name) ?? pick(random, MOTIVES);
    const { state, place, thing } = motive;
    if (!motives.has(name)) {
      motives.set(name, motive);
      story.push(line(`${name} is ${state} .`), line(`where will ${name} go ?`, place));
    } else if (!moved.has(name)) {
      moved.add(name);
      story.push(
        line(`${name} ${pick(random, MOVES)} the ${place} .`),
        line(`why did ${name} go to the ${place} ?`, state),
      );
    } else {
      taken.add(motive);
      done.add(name);
      story.push(
        line(`${name} ${pick(random, GETS)} the ${thing} there .`),
        line(`why did ${name} get the ${thing} ?`, state),
      );
    }
  }
}
