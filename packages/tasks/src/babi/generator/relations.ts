/** Stories of places that lie north, south, east or west of one another: tasks 4 and 19. */
import type { Random } from "../../random.js";
import type { BabiLine, BabiStory } from "../stories.js";
import { line, PLACES, pick, shuffle } from "./sentences.js";

/** Each direction with the one that leads back. */
const BACK = { north: "south", south: "north", east: "west", west: "east" } as const;
type Direction = keyof typeof BACK;
const DIRECTIONS = Object.keys(BACK) as Direction[];

/** `to` lies in `direction` of `from`. */
type Relation = { readonly from: string; readonly direction: Direction; readonly to: string };

/**
 * Draws three places in a row, two statements about neighbours, and a question that one of them answers.
 *
 * Measured as for `movesStory` (11 000 stories): the row has each direction and each order of places as often as any other. The answer is
 * always the subject of one of the two statements, either with the same probability: asked as "what is north of X", or turned round as "what is X
 * south of".
 */
export function rowStory(random: Random): BabiStory {
  const [one, middle, other] = shuffle(random, PLACES) as [string, string, string];
  const direction = pick(random, DIRECTIONS);
  const told = tellRelations(random, [
    { from: one, direction, to: middle },
    { from: middle, direction, to: other },
  ]);
  const { from, direction: way, to } = pick(random, told);
  const question = pick(random, [`what is ${way} of the ${from} ?`, `what is the ${from} ${BACK[way]} of ?`]);
  return [...told.map(statement), line(question, to)];
}

/**
 * Draws a path of two edges, three places that lie elsewhere beside it, and the question for the path.
 *
 * Measured as for `movesStory` (11 000 stories): the path has each of the twelve pairs of directions that do not lead back as often as any other; three of
 * the eight free sides of its places, each choice with the same probability, have a neighbour more, although two of these may lie in the same spot
 * (7%). All five relations are told, and the answer is the first letters of the directions.
 */
export function pathStory(random: Random): BabiStory {
  const [start, middle, goal, ...others] = shuffle(random, PLACES) as [string, string, string, ...string[]];
  const first = pick(random, DIRECTIONS);
  const second = pick(
    random,
    DIRECTIONS.filter((direction) => direction !== BACK[first]),
  );
  const path: Relation[] = [
    { from: start, direction: first, to: middle },
    { from: middle, direction: second, to: goal },
  ];
  const taken = new Set(
    path.flatMap(({ from, direction, to }) => [`${from} ${direction}`, `${to} ${BACK[direction]}`]),
  );
  const sides = [start, middle, goal]
    .flatMap((from) => DIRECTIONS.map((direction) => ({ from, direction })))
    .filter(({ from, direction }) => !taken.has(`${from} ${direction}`));
  const beside = shuffle(random, sides)
    .slice(0, others.length)
    .map((side, index) => ({ ...side, to: others[index] as string }));
  const told = tellRelations(random, [...path, ...beside]).map(statement);
  const answer = path.map(({ direction }) => direction[0]).join(",");
  return [...told, line(`how do you go from the ${start} to the ${goal} ?`, answer)];
}

/**
 * Draws the order and the subjects of statements: a place, then one of its relations, until all have been told. So a place with one neighbour is
 * more often a subject than one with two (2 to 1 in task 4), and its relation comes earlier, as in the files.
 */
function tellRelations(random: Random, relations: readonly Relation[]): readonly Relation[] {
  const places = [...new Set(relations.flatMap(({ from, to }) => [from, to]))];
  const told: Relation[] = [];
  const left = new Set(relations);
  while (left.size > 0) {
    const subject = pick(random, places);
    const relation = pick(
      random,
      relations.filter(({ from, to }) => from === subject || to === subject),
    );
    if (!left.delete(relation)) continue;
    const { from, direction, to } = relation;
    told.push(to === subject ? relation : { from: to, direction: BACK[direction], to: from });
  }
  return told;
}

function statement({ from, direction, to }: Relation): BabiLine {
  return line(`the ${to} is ${direction} of the ${from} .`);
}
