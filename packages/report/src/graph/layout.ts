/** A place in the plane. */
export type Place = {
  /** From left to right. */
  readonly x: number;
  /** From top to bottom. */
  readonly y: number;
};

/** Rounds in which nodes move. */
const ROUNDS = 400;
/** Largest movement in the first round, as a fraction of the side. */
const FIRST_STEP = 0.15;
/** Distance that nodes of an edge keep, in mean distances of nodes that are spread evenly. */
const EDGE_LENGTH = 0.9;
/** How strongly nodes are drawn to the middle, so that parts which are not connected stay close. */
const GRAVITY = 0.4;
/** Smallest distance that repels, which keeps forces finite. */
const MIN_DISTANCE = 1e-3;

/**
 * Places the nodes of a graph such that neighbours are close and others apart. The same graph always has the same places.
 *
 * Source: Fruchterman and Reingold 1991, "Graph drawing by force-directed placement".
 *
 * @param count - number of nodes.
 * @param edges - indices of the nodes of each edge; directions do not matter.
 * @returns for each node a place from 0 to 1; both ranges are used.
 */
export function layOut(count: number, edges: readonly (readonly [number, number])[]): readonly Place[] {
  const xs = Array.from({ length: count }, (_, at) => 0.5 + 0.5 * Math.cos((2 * Math.PI * at) / count));
  const ys = Array.from({ length: count }, (_, at) => 0.5 + 0.5 * Math.sin((2 * Math.PI * at) / count));
  const pairs = [
    ...new Set(edges.filter(([a, b]) => a !== b).map(([a, b]) => Math.min(a, b) * count + Math.max(a, b))),
  ];
  const length = EDGE_LENGTH / Math.sqrt(Math.max(count, 1));
  for (let round = 0; round < ROUNDS; round++) {
    const [dx, dy] = forces(xs, ys, pairs, length);
    const limit = FIRST_STEP * (1 - round / ROUNDS);
    for (let at = 0; at < count; at++) {
      const force = Math.max(Math.hypot(dx[at], dy[at]), MIN_DISTANCE);
      const step = Math.min(force, limit) / force;
      xs[at] += dx[at] * step;
      ys[at] += dy[at] * step;
    }
  }
  const [x, y] = [fitted(xs), fitted(ys)];
  return xs.map((_, at) => ({ x: x[at], y: y[at] }));
}

/** Sums the forces on each node: all others repel it, neighbours and the middle attract it. */
function forces(
  xs: readonly number[],
  ys: readonly number[],
  pairs: readonly number[],
  length: number,
): readonly [number[], number[]] {
  const count = xs.length;
  const dx = xs.map((x) => GRAVITY * length * (0.5 - x));
  const dy = ys.map((y) => GRAVITY * length * (0.5 - y));
  const pull = (a: number, b: number, strength: (distance: number) => number) => {
    const [x, y] = [xs[b] - xs[a], ys[b] - ys[a]];
    const distance = Math.max(Math.hypot(x, y), MIN_DISTANCE);
    const share = strength(distance) / distance;
    dx[a] += x * share;
    dy[a] += y * share;
    dx[b] -= x * share;
    dy[b] -= y * share;
  };
  for (let a = 0; a < count; a++)
    for (let b = a + 1; b < count; b++) pull(a, b, (distance) => -(length ** 2) / distance);
  for (const pair of pairs) pull(Math.floor(pair / count), pair % count, (distance) => distance ** 2 / length);
  return [dx, dy];
}

/** Stretches numbers to the range from 0 to 1; equal ones are in its middle. */
function fitted(values: readonly number[]): readonly number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => (high - low < MIN_DISTANCE ? 0.5 : (value - low) / (high - low)));
}
