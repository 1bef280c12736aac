import type { Random } from "../random.js";
import { distancesTo, type Edges, isShortest, randomSuccess } from "./distances.js";
import { addChoiceGradient, edgeLogProbabilities, type TripleLogits } from "./edge-choice.js";
import type { PathQuery } from "./path-query.js";
import { groupBySource, type Triple } from "./random-graph.js";

/** Probabilities are rounded to multiples of 1 / `PARTS`, so that integers decide. */
const PARTS = 1_000_000;

/** A move of an episode. */
export type Move = {
  /** The edge that was taken. */
  readonly taken: Triple;
  /** The network's most probable edge. */
  readonly preferred: Triple;
  /** The planner's: the first of the edges that begin a shortest path. */
  readonly planned: Triple;
  /** Whether the network's edge begins a shortest path. */
  readonly isRight: boolean;
};

/** A walk from start to goal, edge by edge; the planner knows the distances, the network only what it was shown. */
export class PathEpisode {
  readonly query: PathQuery;
  /** Number of edges on a shortest path from the start. */
  readonly shortest: number;
  readonly moves: Move[] = [];
  /** Sum over the moves of minus the logarithm of the probability of the planner's edge. */
  loss = 0;
  readonly #edges: Edges;
  readonly #distances: ReadonlyMap<number, number>;
  readonly #random: Random;
  /** How many of `PARTS` moves the planner makes. */
  readonly #plannerParts: number;
  #node: number;

  /**
   * @param random - decides who moves; the episode's own.
   * @param plannerProbability - with which a move is the planner's.
   */
  constructor(query: PathQuery, random: Random, plannerProbability: number) {
    this.query = query;
    this.#edges = groupBySource(query.graph);
    this.#distances = distancesTo(query.graph, query.goal);
    this.#random = random;
    this.#plannerParts = Math.round(plannerProbability * PARTS);
    this.#node = query.start;
    this.shortest = this.#distances.get(query.start) as number;
  }

  /** Whether the goal was reached. */
  get isAtGoal(): boolean {
    return this.#node === this.query.goal;
  }

  /** Whether the episode has ended: at the goal, where no path leads to it, or after twice the shortest path and two more moves. */
  get isOver(): boolean {
    return this.isAtGoal || !this.#distances.has(this.#node) || this.moves.length >= maxMoves(this.shortest);
  }

  /** Number of moves at a node that more than one edge leaves. */
  get choices(): number {
    return this.moves.filter(({ taken: { source } }) => this.#leaving(source).length > 1).length;
  }

  /** Probability that random edges are a shortest path. */
  get randomSuccess(): number {
    return randomSuccess(this.#edges, this.#distances, this.query.start);
  }

  /**
   * Makes the next move.
   *
   * @param logits - the network's triple.
   * @param gradient - of the loss with respect to all outputs; that of the row is added.
   */
  move(logits: TripleLogits, gradient: Float32Array): void {
    const edges = this.#leaving(this.#node);
    const logProbabilities = edgeLogProbabilities(logits, edges);
    const planned = edges.findIndex((edge) => isShortest(this.#distances, edge));
    const preferred = edges[firstLargest(logProbabilities)] as Triple;
    this.loss -= logProbabilities[planned] as number;
    addChoiceGradient(logits, edges, logProbabilities, planned, gradient);
    const isPlanners = this.#random.integer(0, PARTS - 1) < this.#plannerParts;
    const ofPlanner = edges[planned] as Triple;
    const taken = isPlanners ? ofPlanner : preferred;
    this.moves.push({ taken, preferred, planned: ofPlanner, isRight: isShortest(this.#distances, preferred) });
    this.#node = taken.destination;
  }

  #leaving(node: number): readonly Triple[] {
    return this.#edges.get(node) as readonly Triple[];
  }
}

/** Number of moves after which an episode ends. */
export function maxMoves(shortest: number): number {
  return 2 * shortest + 2;
}

function firstLargest(values: readonly number[]): number {
  let best = 0;
  values.forEach((value, index) => {
    if (value > (values[best] as number)) best = index;
  });
  return best;
}
