import { createRandom, type Random } from "../random.js";
import { shuffled } from "../shuffled.js";
import { kinRelations } from "./family-tree.js";

/** Number of labels of edges in inference: 0 to 9. */
export const EDGE_LABELS = 10;
/** Lengths of relations. */
export const MIN_RELATION = 2;
export const MAX_RELATION = 5;
/** Relations of each length. */
export const RELATIONS_PER_LENGTH = 100;
/** Length of the relations in the family tree that the table has. */
const KIN_LENGTH = 4;
/** Mother, Mother, Mother, Son1. */
const GREAT_UNCLE = [0, 0, 0, 2];
/** Seed of the table: the year of the paper. */
const SEED = 2016;

/** A relation: the labels of the edges that it stands for. */
export type Relation = {
  /** Its own label, from 10 to 409. */
  readonly label: number;
  /** Labels of the edges from its start to its end, each from 0 to 9. */
  readonly edges: readonly number[];
};

let table: readonly Relation[] | undefined;

/**
 * Returns the relations of inference: 100 different sequences of labels for each length from 2 to 5, the same for every network. The
 * relation of length n with index i has label 10 + 100 (n - 2) + i. Sequences are uniform, drawn from a fixed seed; since there are only
 * 100 of length 2, all are in the table. Of those of length 4 every other is one that occurs in the family tree between two different
 * people, beginning with Mother, Mother, Mother, Son1, the maternal great-uncle: a network that is trained with the table can be
 * tested on the tree.
 *
 * Source: Graves et al. 2016, Methods, "Graph task descriptions": 400 relations. Which they were, and how the test's relations came to be
 * among them, it does not say.
 *
 * @returns 400 relations, in ascending order of their labels.
 */
export function inferenceRelations(): readonly Relation[] {
  table ??= createTable();
  return table;
}

function createTable(): readonly Relation[] {
  const random = createRandom(SEED);
  const relations: Relation[] = [];
  for (let length = MIN_RELATION; length <= MAX_RELATION; length++) {
    const kin = length === KIN_LENGTH ? kinSequences(random) : [];
    const drawn = new Map<string, readonly number[]>();
    while (drawn.size < RELATIONS_PER_LENGTH) {
      const next = drawn.size % 2 === 0 ? kin.shift() : undefined;
      const edges = next ?? Array.from({ length }, () => random.integer(0, EDGE_LABELS - 1));
      drawn.set(edges.join(), drawn.get(edges.join()) ?? edges);
    }
    for (const edges of drawn.values()) relations.push({ label: EDGE_LABELS + relations.length, edges });
  }
  return relations;
}

/** Lists the sequences of labels that occur in the family tree, in random order but for the great-uncle, who is first. */
function kinSequences(random: Random): (readonly number[])[] {
  const all = new Map(kinRelations(KIN_LENGTH).map(({ labels }) => [labels.join(), labels]));
  const greatUncle = all.get(GREAT_UNCLE.join()) as readonly number[];
  all.delete(GREAT_UNCLE.join());
  return [greatUncle, ...shuffled(random, [...all.values()])];
}
