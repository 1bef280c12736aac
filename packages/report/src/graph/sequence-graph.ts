import type { SequenceGraph } from "../run-report.js";
import type { EdgeMark } from "./picture-types.js";

/** Nodes above which a picture is larger. */
const MANY_NODES = 12;

/** An edge with the numbers of its nodes and of its label. */
export type NumberedEdge = {
  /** Number of the node that it leaves. */
  readonly source: number;
  /** Number of its label. */
  readonly edge: number;
  /** Number of the node where it leads. */
  readonly destination: number;
};

/** An edge of which numbers may be missing. */
export type PartialEdge = { readonly [Part in keyof NumberedEdge]?: number | undefined };

/** A step of an answer. */
export type AnsweredStep = {
  /** What is right. */
  readonly target: NumberedEdge;
  /** What was answered; default: nothing. */
  readonly output?: PartialEdge | undefined;
};

/** A query of a graph, such as a `GraphQuery` of `@dnc/tasks`. */
export type AskedQuery = {
  /** The edges that are asked for. */
  readonly walk: readonly NumberedEdge[];
  /** Number of the node where the walk is to end, if the query names it. */
  readonly goal?: number | undefined;
  /** What is right at each step, and what was answered. */
  readonly answer: readonly AnsweredStep[];
};

/** A graph with what its numbers stand for, such as a `GraphSequence` of `@dnc/tasks`. */
export type AskedGraph = {
  /** The edges. */
  readonly edges: readonly NumberedEdge[];
  /** Number of digits of a label; default: 3. */
  readonly digits?: number | undefined;
  /** Names by number; default: numbers are shown. */
  readonly names?:
    | {
        /** Names of nodes. */
        readonly nodes: ReadonlyMap<number, string>;
        /** Names of labels. */
        readonly labels: ReadonlyMap<number, string>;
      }
    | undefined;
};

/**
 * Draws a query of a graph and its answer.
 *
 * @param graph - the graph, as `readGraph` of a task of `@dnc/tasks` returns it.
 * @param query - one of its queries.
 * @returns the picture with the answer's edges marked, what was asked, and the answer as text.
 */
export function sequenceGraph({ edges, names, digits }: AskedGraph, query: AskedQuery): SequenceGraph {
  const numbers = [...new Set(edges.flatMap(({ source, destination }) => [source, destination]))];
  const indexOf = new Map(numbers.map((number, index) => [number, index]));
  const nodeText = (node: number | undefined) => textOf(node, names?.nodes, digits);
  const edgeText = (edge: number | undefined) => textOf(edge, names?.labels, digits);
  const marks = marksOf(query);
  const draw = ({ source, edge, destination }: PartialEdge, mark: EdgeMark | undefined) => {
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
  const triple = ({ source, edge, destination }: PartialEdge) =>
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
function marksOf({ walk, answer }: AskedQuery): ReadonlyMap<string, EdgeMark> {
  const found = new Set(answer.map(({ output = {} }) => keyOf(output)));
  const wanted = new Set(answer.map(({ target }) => keyOf(target)));
  const isAnswered = isRight({ walk, answer });
  return new Map<string, EdgeMark>([
    ...[...found].filter((key) => !wanted.has(key)).map((key) => [key, "wrong"] as const),
    ...walk.map((edge) => [keyOf(edge), isAnswered || found.has(keyOf(edge)) ? "right" : "missed"] as const),
  ]);
}

function isRight({ answer }: AskedQuery): boolean {
  return answer.every(({ target, output = {} }) => keyOf(target) === keyOf(output));
}

function keyOf({ source, edge, destination }: PartialEdge): string {
  return [source, edge, destination].join();
}

/** A label's name, or its digits. */
function textOf(label: number | undefined, names: ReadonlyMap<number, string> | undefined, digits = 3): string {
  if (label === undefined) return "-".repeat(digits);
  return names?.get(label) ?? String(label).padStart(digits, "0");
}
