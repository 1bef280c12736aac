/** Stories of what follows from what somebody is: tasks 15 and 16. */
import type { Random } from "../../random.js";
import type { BabiLine, BabiStory } from "../stories.js";
import { line, pick, pickOther } from "./sentences.js";

const FEARED = [
  { one: "cat", many: "cats" },
  { one: "mouse", many: "mice" },
  { one: "sheep", many: "sheep" },
  { one: "wolf", many: "wolves" },
] as const;
const FEARFUL = ["emily", "gertrude", "jessica", "winona"] as const;

/**
 * Draws a story of deduction: eight statements, what each of four kinds of animals is afraid of and of which kind each of four is, then four questions.
 *
 * Measured as for `movesStory` (2750 stories): a kind is afraid of one of the three others, uniformly. The next statement is drawn until it is
 * possible: about one of the eight that was not told; a name is of a uniform kind, whose fear must have been told (after one, two or three fears
 * another one follows in 75%, 51% and 25% of stories; this rule gives 75%, 50% and 25%). Questions are about a uniform name, also twice.
 */
export function fearsStory(random: Random): BabiStory {
  const fears = new Map<(typeof FEARED)[number], (typeof FEARED)[number]>();
  const kinds = new Map<(typeof FEARFUL)[number], (typeof FEARED)[number]>();
  const story: BabiLine[] = [];
  while (story.length < FEARED.length + FEARFUL.length) {
    const subject = pick(random, [...FEARED, ...FEARFUL]);
    if (typeof subject === "object") {
      if (fears.has(subject)) continue;
      const feared = pickOther(random, FEARED as readonly (typeof FEARED)[number][], subject);
      fears.set(subject, feared);
      story.push(line(`${subject.many} are afraid of ${feared.many} .`));
      continue;
    }
    const kind = pick(random, FEARED);
    if (kinds.has(subject) || !fears.has(kind)) continue;
    kinds.set(subject, kind);
    story.push(line(`${subject} is a ${kind.one} .`));
  }
  for (let question = 0; question < 4; question++) {
    const asked = pick(random, FEARFUL);
    const kind = kinds.get(asked) as (typeof FEARED)[number];
    story.push(line(`what is ${asked} afraid of ?`, fears.get(kind)?.one));
  }
  return story;
}

const COLOURED = ["bernhard", "brian", "greg", "julius", "lily"] as const;
const KINDS = ["frog", "lion", "rhino", "swan"] as const;
const COLOURS = ["gray", "green", "white", "yellow"] as const;

/** Numbers of others of the same kind with which a story of induction is kept; two never occur in the files. */
const OTHERS: readonly number[] = [1, 3, 4];

/**
 * Draws a story of induction: the kinds of five animals, the colours of four, and the question for the fifth's.
 *
 * Measured as for `movesStory` (11 000 stories): kinds are uniform, and all ten statements come in a random order, drawn one after the other from those that
 * are possible, the kind of an animal before its colour; instead of the last colour there is the question. A colour, uniform, is that
 * of all of its kind that have been told and have none yet. A story is kept if one, three or four others are of the kind that is asked for; the answer
 * is the colour of the one whose kind was told last (all 11 000).
 */
export function coloursStory(random: Random): BabiStory {
  for (;;) {
    const kinds = new Map<string, string>();
    const colours = new Map<string, string>();
    const coloured: string[] = [];
    const story: BabiLine[] = [];
    while (coloured.length + kinds.size < 2 * COLOURED.length - 1) {
      const name = pick(random, COLOURED);
      const isColour = random.integer(0, 1) === 1;
      if (isColour !== kinds.has(name) || coloured.includes(name)) continue;
      const kind = kinds.get(name) ?? pick(random, KINDS);
      if (!isColour) {
        kinds.set(name, kind);
        story.push(line(`${name} is a ${kind} .`));
        continue;
      }
      const colour = colours.get(name) ?? pick(random, COLOURS);
      for (const [other, its] of kinds) if (its === kind && !colours.has(other)) colours.set(other, colour);
      coloured.push(name);
      story.push(line(`${name} is ${colour} .`));
    }
    const asked = COLOURED.find((name) => !coloured.includes(name)) as string;
    const others = [...kinds.keys()].filter((name) => name !== asked && kinds.get(name) === kinds.get(asked));
    if (!OTHERS.includes(others.length)) continue;
    return [...story, line(`what color is ${asked} ?`, colours.get(others.at(-1) as string))];
  }
}
