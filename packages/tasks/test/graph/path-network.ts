/** Stand-ins for a network on shortest path: they see the inputs alone, as a network does. */
import type { EpisodeInputs, Episodes } from "../../src/index.js";

/** Labels of source, edge and destination; undefined where there is none. */
export type Row = readonly (number | undefined)[];

/** What a sequence of inputs has shown of an episode. */
export type Seen = { readonly rows: Row[]; readonly starts: boolean[]; readonly answers: boolean[] };

/** Chooses the next edge from what was seen. */
export type Policy = (seen: Seen, episode: number) => Row;

/** Reads the inputs of an episode's time step; undefined where it is not run. */
function readRow({ inputs, inputMask }: EpisodeInputs, row: number, digits: number) {
  if (inputMask?.[row] === 0) return undefined;
  const size = 90 * (digits / 3) + 2;
  const own = Array.from(inputs.subarray(row * size, (row + 1) * size));
  const labels = [0, 1, 2].map((part) => {
    const places = Array.from({ length: digits }, (_, place) =>
      own.slice((part * digits + place) * 10, (part * digits + place) * 10 + 10).indexOf(1),
    );
    return places.includes(-1) ? undefined : places.reduce((label, digit) => label * 10 + digit, 0);
  });
  return { labels, starts: own.at(-2) === 1, answers: own.at(-1) === 1 };
}

/** Runs episodes to their end with a policy, whose edges the outputs say with logits of 5; returns what each episode saw. */
export function follow(episodes: Episodes, digits: number, policy: Policy): readonly Seen[] {
  const { batchSize } = episodes;
  const seen = Array.from({ length: batchSize }, (): Seen => ({ rows: [], starts: [], answers: [] }));
  const width = 30 * digits;
  for (let next = episodes.nextInputs(); next !== undefined; next = episodes.nextInputs()) {
    const outputs = new Float32Array(next.timeSteps * batchSize * width);
    for (let t = 0; t < next.timeSteps; t++)
      for (const [episode, own] of seen.entries()) {
        const row = t * batchSize + episode;
        const shown = readRow(next, row, digits);
        if (shown === undefined) continue;
        own.rows.push(shown.labels);
        own.starts.push(shown.starts);
        own.answers.push(shown.answers);
        if (!shown.answers) continue;
        policy(own, episode).forEach((label, part) => {
          String(label)
            .padStart(digits, "0")
            .split("")
            .forEach((digit, place) => {
              outputs[row * width + (part * digits + place) * 10 + Number(digit)] = 5;
            });
        });
      }
    episodes.respond(outputs);
  }
  return seen;
}

/** Splits what was seen into the edges of the graph, start and goal, planning steps, and the edges taken. */
export function phasesOf({ rows, starts, answers }: Seen) {
  const query = starts.indexOf(true, 1);
  const answer = answers.indexOf(true);
  const [start, , goal] = rows[query] as Row;
  return {
    graph: rows.slice(0, query) as number[][],
    start: start as number,
    goal: goal as number,
    planning: rows.slice(query + 1, answer),
    taken: rows.slice(answer + 1) as number[][],
  };
}

/** Distances between all pairs of nodes, by Floyd and Warshall. */
export function allDistances(graph: readonly (readonly number[])[]): (from: number, to: number) => number {
  const nodes = [...new Set(graph.flatMap(([source, , destination]) => [source, destination]))];
  const key = (from: number | undefined, to: number | undefined) => `${from} ${to}`;
  const found = new Map<string, number>();
  for (const node of nodes) found.set(key(node, node), 0);
  for (const [source, , destination] of graph) found.set(key(source, destination), 1);
  const at = (from: number | undefined, to: number | undefined) => found.get(key(from, to)) ?? Number.POSITIVE_INFINITY;
  for (const via of nodes)
    for (const from of nodes)
      for (const to of nodes) found.set(key(from, to), Math.min(at(from, to), at(from, via) + at(via, to)));
  return at;
}

/** The edges from which a policy chooses: those that leave the current node. */
export function leaving(seen: Seen) {
  const { graph, start, goal, taken } = phasesOf(seen);
  const node = taken.at(-1)?.[2] ?? start;
  return { graph, goal, node, edges: graph.filter(([source]) => source === node) };
}

/** Takes the first of the edges that come nearest to the goal, or for `away` leave it furthest. */
export function planner(away = false): Policy {
  return (seen) => {
    const { graph, goal, edges } = leaving(seen);
    const distance = allDistances(graph);
    const from = (edge: readonly number[]) => distance(edge[2] as number, goal);
    return edges.reduce((best, edge) => ((away ? from(edge) > from(best) : from(edge) < from(best)) ? edge : best));
  };
}
