/** Stories of persons who carry objects: tasks 2, 3 and 6. */
import type { Random } from "../../random.js";
import type { BabiLine, BabiStory } from "../stories.js";
import { placeQuestion } from "./denials.js";
import { QUESTIONS, RECENT } from "./moves.js";
import { GETS, line, MOVES, PERSONS, PLACES, pick } from "./sentences.js";

type Person = (typeof PERSONS)[number];

const OBJECTS = ["apple", "football", "milk"] as const;
type Thing = (typeof OBJECTS)[number];

const DROPS = ["discarded", "dropped", "left", "put down"] as const;

/** One so many statements about a drop ends with "there". */
const THERE = 5;

/** What happens in a statement. */
type Happening =
  | { readonly kind: "move"; readonly person: Person; readonly place: string }
  | { readonly kind: "get" | "drop"; readonly person: Person; readonly thing: Thing };

/** What is asked: `whereabouts` of an object, its place `before` another, or a person's, to be answered by yes or no. */
export type ObjectsOptions = {
  readonly asks: "whereabouts" | "before" | "yes-no";
  /** Whether statements that somebody picks something up end with "there" only as often as others. */
  readonly rarelyThere: boolean;
};

/**
 * Draws a story in which persons move, get and drop: two statements at a time, then a question if one is possible, until there are five.
 *
 * Measured as for `movesStory`: persons and objects begin in hidden uniform places. A person, a kind of action and, for a move, a place are drawn until
 * they are possible (nobody moves to where they are, gets what is not there, or drops what they do not carry): a simulation of this rule reproduces the
 * shares of the kinds at every position (first statement a get: measured 31%, simulated 31%; later 19%, and 16% drops). Statements of a drop end
 * with "there" in 20% of cases, those of a get always in tasks 2 and 6 and in 20% of cases in task 3.
 */
export function objectsStory(random: Random, { asks, rarelyThere }: ObjectsOptions): BabiStory {
  const place = new Map<Person | Thing, string>();
  for (const each of [...PERSONS, ...OBJECTS]) place.set(each, pick(random, PLACES));
  const carrier = new Map<Thing, Person>();
  const past: Happening[] = [];
  const story: BabiLine[] = [];
  let questions = 0;
  while (questions < QUESTIONS) {
    for (let statement = 0; statement < 2; statement++) {
      const happening = drawHappening(random, place, carrier);
      past.push(happening);
      story.push(tell(random, happening, rarelyThere));
    }
    const question = asks === "yes-no" ? askPerson(random, past) : askObject(random, past, asks);
    if (question === undefined) continue;
    story.push(question);
    questions++;
  }
  return story;
}

/** Draws what happens next, and lets it happen. */
function drawHappening(random: Random, place: Map<Person | Thing, string>, carrier: Map<Thing, Person>): Happening {
  for (;;) {
    const person = pick(random, PERSONS);
    const kind = pick(random, ["move", "get", "drop"] as const);
    if (kind === "move") {
      const to = pick(random, PLACES);
      if (to === place.get(person)) continue;
      place.set(person, to);
      return { kind, person, place: to };
    }
    const things = OBJECTS.filter((thing) =>
      kind === "drop" ? carrier.get(thing) === person : !carrier.has(thing) && place.get(thing) === place.get(person),
    );
    if (things.length === 0) continue;
    const thing = pick(random, things);
    if (kind === "get") carrier.set(thing, person);
    else {
      carrier.delete(thing);
      place.set(thing, place.get(person) as string);
    }
    return { kind, person, thing };
  }
}

function tell(random: Random, happening: Happening, rarelyThere: boolean): BabiLine {
  const { kind, person } = happening;
  if (kind === "move") return line(`${person} ${pick(random, MOVES)} the ${happening.place} .`);
  const verb = pick(random, kind === "get" ? GETS : DROPS);
  const isThere = (kind === "get" && !rarelyThere) || random.integer(1, THERE) === 1;
  return line(`${person} ${verb} the ${happening.thing} ${isThere ? "there ." : "."}`);
}

/** Asks whether a person of a recent move is somewhere; undefined if nobody moved of late. */
function askPerson(random: Random, past: readonly Happening[]): BabiLine | undefined {
  const moves = past.slice(-RECENT).filter(({ kind }) => kind === "move");
  if (moves.length === 0) return undefined;
  const { person } = pick(random, moves);
  return placeQuestion(random, person, { place: placesOf(person, past).at(-1) as string, holds: true });
}

/**
 * Asks for an object of a recent get or drop; undefined if no answer was told. Where an object is can be asked if its carrier has moved with it, or had
 * moved before it was dropped (always so in the files, and no question is left out that this allows). Where it was before a place
 * can be asked if its last carrier has moved with it twice: about any of these places but the first, as of the last time it came there.
 */
function askObject(random: Random, past: readonly Happening[], asks: "whereabouts" | "before"): BabiLine | undefined {
  const recent = past.slice(-RECENT).flatMap((happening) => (happening.kind === "move" ? [] : [happening.thing]));
  const questions = recent.flatMap((thing) => {
    const last = past.findLastIndex((happening) => happening.kind !== "move" && happening.thing === thing);
    const { kind, person } = past[last] as Happening;
    const isDropped = kind === "drop";
    const got = past.findLastIndex((happening) => happening.kind === "get" && happening.thing === thing);
    const carried = placesOf(person, past.slice(got, isDropped ? last : undefined));
    if (asks === "before") return carried.length > 1 ? [() => askBefore(random, thing, carried)] : [];
    const [place] = (isDropped ? placesOf(person, past.slice(0, last)) : carried).slice(-1);
    return place === undefined ? [] : [() => line(`where is the ${thing} ?`, place)];
  });
  return questions.length === 0 ? undefined : pick(random, questions)();
}

function askBefore(random: Random, thing: Thing, carried: readonly string[]): BabiLine {
  const visits = [...carried.keys()].filter(
    (visit) => visit > 0 && carried.lastIndexOf(carried[visit] as string) === visit,
  );
  const visit = pick(random, visits);
  return line(`where was the ${thing} before the ${carried[visit]} ?`, carried[visit - 1]);
}

/** Lists the places to which a person moved. */
function placesOf(person: Person, past: readonly Happening[]): readonly string[] {
  return past.flatMap((happening) =>
    happening.kind === "move" && happening.person === person ? [happening.place] : [],
  );
}
