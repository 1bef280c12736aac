import { assertArray } from "../checks.js";
import type { BabiLine, BabiStory } from "./stories.js";

/** Who gave what to whom. */
type Gift = { readonly giver: string; readonly thing: string; readonly receiver: string };

/** What a story has told so far. */
type World = {
  /** The places of persons and objects that were named or follow, in order, without the same one twice in a row. */
  readonly visits: Map<string, string[]>;
  /** Who carries an object. */
  readonly carriers: Map<string, string>;
  /** What somebody has carried, in the order of the first time. */
  readonly carried: Map<string, Set<string>>;
  readonly gifts: Gift[];
  /** Where somebody is not. */
  readonly denied: Map<string, string>;
  /** Where somebody may be. */
  readonly doubted: Map<string, readonly string[]>;
  /** Whom a pronoun stands for. */
  last: readonly string[];
  /** Neighbouring places: by name, in which direction which one lies. */
  readonly neighbours: Map<string, Map<string, string>>;
  /** What somebody is, in the order in which it was told. */
  readonly kinds: Map<string, string>;
  /** How somebody is: a colour or a motive. */
  readonly states: Map<string, string>;
  readonly fears: Map<string, string>;
};

type Rule<Result> = readonly [pattern: RegExp, apply: (world: World, parts: readonly string[]) => Result];

const WENT = "(?:went to|went back to|moved to|journeyed to|travelled to)";

const OPPOSITES = new Map([
  ["north", "south"],
  ["south", "north"],
  ["east", "west"],
  ["west", "east"],
]);

/** Kinds of animals in the plural. */
const SINGULAR = new Map([
  ["mice", "mouse"],
  ["wolves", "wolf"],
  ["cats", "cat"],
  ["sheep", "sheep"],
]);

/** Where a motive leads. */
const PLACES_OF_MOTIVES = new Map([
  ["tired", "bedroom"],
  ["bored", "garden"],
  ["hungry", "kitchen"],
  ["thirsty", "kitchen"],
]);

/** What each statement tells, by its words; the first pattern that fits counts. */
const STATEMENTS: readonly Rule<void>[] = [
  [
    new RegExp(`^(?:afterwards|after that|following that|then) (?:he|she|they) ${WENT} the (\\w+) \\.$`),
    (world, [place]) => go(world, world.last, place),
  ],
  [
    new RegExp(`^(\\w+) and (\\w+) ${WENT} the (\\w+) \\.$`),
    (world, [one, other, place]) => go(world, [one, other], place),
  ],
  [new RegExp(`^(\\w+) ${WENT} the (\\w+) \\.$`), (world, [person, place]) => go(world, [person], place)],
  [/^(\w+) is (?:not|no longer) in the (\w+) \.$/, (world, [person, place]) => world.denied.set(person, place)],
  [
    /^(\w+) is either in the (\w+) or the (\w+) \.$/,
    (world, [person, one, other]) => world.doubted.set(person, [one, other]),
  ],
  [/^(\w+) is in the (\w+) \.$/, (world, [person, place]) => go(world, [person], place)],
  [
    /^(\w+) (?:got|took|grabbed|picked up) the (\w+)(?: there)? \.$/,
    (world, [person, thing]) => get(world, person, thing),
  ],
  [
    /^(\w+) (?:gave|handed|passed) the (\w+) to (\w+) \.$/,
    (world, [giver, thing, receiver]) => {
      world.gifts.push({ giver, thing, receiver });
      get(world, receiver, thing);
    },
  ],
  [
    /^\w+ (?:dropped|discarded|left|put down) the (\w+)(?: there)? \.$/,
    (world, [thing]) => world.carriers.delete(thing),
  ],
  [
    /^the (\w+) is (north|south|east|west) of the (\w+) \.$/,
    (world, [to, direction, from]) => border(world, from, direction, to),
  ],
  [/^(\w+) are afraid of (\w+) \.$/, (world, [one, other]) => world.fears.set(singular(one), singular(other))],
  [/^(\w+) is a (\w+) \.$/, (world, [name, kind]) => world.kinds.set(name, kind)],
  [/^(\w+) is (\w+) \.$/, (world, [name, state]) => world.states.set(name, state)],
];

/** What answers each question; undefined if it was not told. */
const QUESTIONS: readonly Rule<readonly (string | undefined)[] | undefined>[] = [
  [/^where is (?:the )?(\w+) \?$/, (world, [who]) => [world.visits.get(who)?.at(-1)]],
  [/^where was the (\w+) before the (\w+) \?$/, (world, [thing, place]) => [placeBefore(world, thing, place)]],
  [/^is (\w+) in the (\w+) \?$/, (world, [person, place]) => [isIn(world, person, place)]],
  [
    /^what is (north|south|east|west) of the (\w+) \?$/,
    (world, [direction, from]) => [world.neighbours.get(from)?.get(direction)],
  ],
  [
    /^what is the (\w+) (north|south|east|west) of \?$/,
    (world, [from, direction]) => [world.neighbours.get(from)?.get(opposite(direction))],
  ],
  [
    /^how many objects is (\w+) carrying \?$/,
    (world, [person]) => [["none", "one", "two", "three"][carriedBy(world, person).length]],
  ],
  [
    /^what is (\w+) carrying \?$/,
    (world, [person]) => {
      const things = carriedBy(world, person);
      return things.length === 0 ? ["nothing"] : things;
    },
  ],
  [/^what did (\w+) give to (\w+) \?$/, (world, [giver, receiver]) => [lastGift(world, { giver, receiver })?.thing]],
  [/^who did (\w+) give the (\w+) to \?$/, (world, [giver, thing]) => [lastGift(world, { giver, thing })?.receiver]],
  [/^who received the (\w+) \?$/, (world, [thing]) => [lastGift(world, { thing })?.receiver]],
  [/^who gave the (\w+) \?$/, (world, [thing]) => [lastGift(world, { thing })?.giver]],
  [/^who gave the (\w+) to (\w+) \?$/, (world, [thing, receiver]) => [lastGift(world, { thing, receiver })?.giver]],
  [/^how do you go from the (\w+) to the (\w+) \?$/, (world, [from, to]) => directions(world, from, to)],
  [/^what is (\w+) afraid of \?$/, (world, [name]) => [world.fears.get(world.kinds.get(name) ?? "")]],
  [/^what color is (\w+) \?$/, (world, [name]) => [world.states.get(name) ?? inferredState(world, name)]],
  [/^where will (\w+) go \?$/, (world, [name]) => [PLACES_OF_MOTIVES.get(world.states.get(name) ?? "")]],
  [/^why did (\w+) (?:go to|get) the \w+ \?$/, (world, [name]) => [world.states.get(name)]],
];

/**
 * Answers the questions of a story by rules, as a person would who reads it line by line: what an ideal network answers. It knows the sentences of the
 * tasks of `GENERATED_BABI_TASKS`, and looks at no answer.
 *
 *     const [story] = generateBabiStories({ task: 1, stories: 1, seed: 1 });
 *     answerBabiStory(story); // [["office"], ["hallway"], ...]
 *
 * The colour of an animal that was not told is that of the one of its kind that was told last. On the standard files all answers agree, but
 * for 22 questions of task 5 that have two; see the guide.
 *
 * Source: Weston et al. 2015, arXiv:1502.05698, section 3, which describes what each task asks for.
 *
 * @param story - Statements and questions, as from `readBabiStories` or `generateBabiStories`; answers in it are ignored.
 * @returns The words of the answer to each question, in order.
 * @throws RangeError with the number of the line if a sentence is not of these tasks, or if the answer was not told; TypeError if `story` is not an array.
 */
export function answerBabiStory(story: BabiStory): readonly (readonly string[])[] {
  assertArray("story", story);
  const world: World = {
    visits: new Map(),
    carriers: new Map(),
    carried: new Map(),
    gifts: [],
    denied: new Map(),
    doubted: new Map(),
    last: [],
    neighbours: new Map(),
    kinds: new Map(),
    states: new Map(),
    fears: new Map(),
  };
  return story.flatMap(({ words }, index) => {
    const where = `story[${index}]`;
    if (words.at(-1) !== "?") {
      apply(STATEMENTS, world, words, where);
      return [];
    }
    const answer = apply(QUESTIONS, world, words, where);
    if (answer === undefined || answer.includes(undefined))
      throw new RangeError(
        `${where}: expected a question whose answer was told, got ${JSON.stringify(words.join(" "))}`,
      );
    return [answer as readonly string[]];
  });
}

function apply<Result>(rules: readonly Rule<Result>[], world: World, words: BabiLine["words"], where: string): Result {
  const text = words.join(" ");
  for (const [pattern, act] of rules) {
    const parts = pattern.exec(text);
    if (parts) return act(world, parts.slice(1));
  }
  throw new RangeError(`${where}: expected a sentence of a task whose rules are known, got ${JSON.stringify(text)}`);
}

/** Persons go to a place, with all they carry. */
function go(world: World, persons: readonly string[], place: string): void {
  world.last = persons;
  for (const person of persons) {
    world.denied.delete(person);
    world.doubted.delete(person);
    visit(world, person, place);
    for (const [thing, carrier] of world.carriers) if (carrier === person) visit(world, thing, place);
  }
}

function get(world: World, person: string, thing: string): void {
  world.carriers.set(thing, person);
  world.carried.set(person, (world.carried.get(person) ?? new Set<string>()).add(thing));
  const place = world.visits.get(person)?.at(-1);
  if (place !== undefined) visit(world, thing, place);
}

/** Finds the last gift of which this is known. */
function lastGift({ gifts }: World, known: Partial<Gift>): Gift | undefined {
  return gifts.findLast((gift) => Object.entries(known).every(([key, value]) => gift[key as keyof Gift] === value));
}

/** Lists what somebody carries now. */
function carriedBy({ carried, carriers }: World, person: string): readonly string[] {
  return [...(carried.get(person) ?? [])].filter((thing) => carriers.get(thing) === person);
}

function visit({ visits }: World, who: string, place: string): void {
  const places = visits.get(who) ?? [];
  if (places.at(-1) !== place) places.push(place);
  visits.set(who, places);
}

/** Finds where an object was before it came to a place the last time. */
function placeBefore({ visits }: World, thing: string, place: string): string | undefined {
  const places = visits.get(thing) ?? [];
  return places[places.lastIndexOf(place) - 1];
}

function isIn({ visits, denied, doubted }: World, person: string, place: string): string | undefined {
  if (doubted.has(person)) return doubted.get(person)?.includes(place) ? "maybe" : "no";
  if (denied.has(person)) return denied.get(person) === place ? "no" : undefined;
  const last = visits.get(person)?.at(-1);
  return last && (last === place ? "yes" : "no");
}

function border({ neighbours }: World, from: string, direction: string, to: string): void {
  const add = (one: string, way: string, other: string) => {
    neighbours.set(one, (neighbours.get(one) ?? new Map<string, string>()).set(way, other));
  };
  add(from, direction, to);
  add(to, opposite(direction), from);
}

function opposite(direction: string): string {
  return OPPOSITES.get(direction) as string;
}

/** Finds a shortest way by breadth-first search, as the first letters of its directions. */
function directions({ neighbours }: World, from: string, to: string): readonly string[] | undefined {
  const ways = new Map<string, readonly string[]>([[from, []]]);
  for (const [place, way] of ways) {
    if (place === to) return way;
    for (const [direction, next] of neighbours.get(place) ?? [])
      if (!ways.has(next)) ways.set(next, [...way, direction.slice(0, 1)]);
  }
  return undefined;
}

function singular(kind: string): string {
  return SINGULAR.get(kind) ?? kind;
}

/** Infers how somebody is from the last one of the same kind of whom it was told. */
function inferredState({ kinds, states }: World, name: string): string | undefined {
  const same = [...kinds.keys()].filter((other) => other !== name && kinds.get(other) === kinds.get(name));
  return states.get(same.filter((other) => states.has(other)).at(-1) ?? "");
}
