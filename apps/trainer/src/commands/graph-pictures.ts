/** Graphs of new sequences with a network's answers, for the page of a run. */
import type { Dnc, LstmNetwork } from "@dnc/core";
import type { EdgeMark, SequenceGraph } from "@dnc/report";
import type { CompleteTask } from "@dnc/settings";
import {
  type Episodes,
  type GraphQuery,
  type GraphSequence,
  isEpisodeTask,
  type PartialTriple,
  type PathEpisodes,
  predictedOutputs,
  type Random,
} from "@dnc/tasks";
import { predict, rollOut } from "@dnc/training";

/** Number of pictures, and of sequences that give at least that many queries. */
const PICTURES = 4;

/** Nodes above which a picture is larger. */
const MANY_NODES = 12;

/**
 * Asks a network about the graphs of new sequences.
 *
 * @returns a few graphs with its answers; undefined for a task without graphs.
 */
export async function graphPictures(
  network: Dnc | LstmNetwork,
  task: CompleteTask,
  random: Random,
): Promise<readonly SequenceGraph[] | undefined> {
  const all = await answeredGraphs(network, task, random);
  return all?.flatMap((graph) => graph.queries.map((query) => sequenceGraph(graph, query))).slice(0, PICTURES);
}

async function answeredGraphs(
  network: Dnc | LstmNetwork,
  task: CompleteTask,
  random: Random,
): Promise<readonly GraphSequence[] | undefined> {
  if (isEpisodeTask(task)) {
    const episodes: Episodes & Partial<PathEpisodes> = task.startEpisodes(random, { batchSize: PICTURES });
    if (episodes.readGraphs === undefined) return undefined;
    await rollOut(network, episodes);
    return episodes.readGraphs();
  }
  const { readGraph } = task;
  if (readGraph === undefined) return undefined;
  const batch = task.sampleBatch(random, { batchSize: PICTURES });
  const output = predictedOutputs(task, await predict(network, batch), batch.mask);
  return Array.from({ length: PICTURES }, (_, sequence) => readGraph(batch, { sequence, output }));
}

/** Draws a query of a graph and its answer. */
export function sequenceGraph({ edges, names, digits }: GraphSequence, query: GraphQuery): SequenceGraph {
  const numbers = [...new Set(edges.flatMap(({ source, destination }) => [source, destination]))];
  const indexOf = new Map(numbers.map((number, index) => [number, index]));
  const nodeText = (node: number | undefined) => textOf(node, names?.nodes, digits);
  const edgeText = (edge: number | undefined) => textOf(edge, names?.labels, digits);
  const marks = marksOf(query);
  const draw = ({ source, edge, destination }: PartialTriple, mark: EdgeMark | undefined) => {
    const [from, to] = [indexOf.get(source as number), indexOf.get(destination as number)];
    return from === undefined || to === undefined
      ? []
      : [{ source: from, destination: to, label: edgeText(edge), ...(mark && { mark }) }];
  };
  const shown = new Set(edges.map(keyOf));
  const invented = query.answer.flatMap(({ target, output = {} }) =>
    keyOf(output) === keyOf(target) || shown.has(keyOf(output)) ? [] : draw(output, "wrong"),
  );
  const [start] = query.walk;
  const triple = ({ source, edge, destination }: PartialTriple) =>
    [nodeText(source), edgeText(edge), nodeText(destination)].join(", ");
  const goal = query.goal === undefined ? undefined : indexOf.get(query.goal);
  const wanted =
    query.goal === undefined
      ? `: ${query.walk.map(({ edge }) => edgeText(edge)).join(", ")}`
      : ` to ${nodeText(query.goal)}`;
  const caption = `From ${nodeText(start?.source)}${wanted}`;
  return {
    caption,
    picture: {
      title: `${caption}; ${isRight(query) ? "right" : "wrong"}`,
      nodes: numbers.map(nodeText),
      edges: [...edges.flatMap((edge) => draw(edge, marks.get(keyOf(edge)))), ...invented],
      ...(start && { start: indexOf.get(start.source) as number }),
      ...(goal !== undefined && { goal }),
      ...(numbers.length > MANY_NODES ? { width: 960, height: 640 } : { width: 520, height: 400 }),
    },
    answer: query.answer
      .map(({ target, output = {} }) =>
        keyOf(output) === keyOf(target)
          ? `${triple(output)}  right`
          : `${triple(output)}  wrong, expected ${triple(target)}`,
      )
      .join("\n"),
  };
}

/** Marks edges of the graph: the walk as right where the answer has it, and what else is in the answer as wrong. */
function marksOf({ walk, answer }: GraphQuery): ReadonlyMap<string, EdgeMark> {
  const found = new Set(answer.map(({ output = {} }) => keyOf(output)));
  const wanted = new Set(answer.map(({ target }) => keyOf(target)));
  const isAnswered = isRight({ walk, answer });
  return new Map<string, EdgeMark>([
    ...[...found].filter((key) => !wanted.has(key)).map((key) => [key, "wrong"] as const),
    ...walk.map((edge) => [keyOf(edge), isAnswered || found.has(keyOf(edge)) ? "right" : "missed"] as const),
  ]);
}

function isRight({ answer }: GraphQuery): boolean {
  return answer.every(({ target, output = {} }) => keyOf(target) === keyOf(output));
}

function keyOf({ source, edge, destination }: PartialTriple): string {
  return [source, edge, destination].join();
}

/** A label's name, or its digits. */
function textOf(label: number | undefined, names: ReadonlyMap<number, string> | undefined, digits = 3): string {
  if (label === undefined) return "-".repeat(digits);
  return names?.get(label) ?? String(label).padStart(digits, "0");
}
