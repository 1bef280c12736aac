import { numbered } from "../images/trace-heatmaps.js";
import { seriesIfPresent, type TraceData } from "../images/trace-series.js";
import { sampleEvenly } from "../sample-evenly.js";

/** Maximum number of time steps whose links are shown, and of slots in them. */
const MAX_FRAMES = 64;
const MAX_SLOTS = 32;

/** The link matrix of a write head, step by step. */
export type LinkFilm = {
  /** Title, such as "Link matrix, write head 1". */
  readonly title: string;
  /** Indices of the slots that are the rows and the columns. */
  readonly slots: readonly number[];
  /** What is left out, in a few words; undefined if everything is shown. */
  readonly cut: string | undefined;
  readonly frames: readonly {
    /** Time step, from 0. */
    readonly step: number;
    /** Row-major: how much the row's slot was written right after the column's. */
    readonly values: readonly number[];
  }[];
};

/**
 * Selects the link matrices of a trace; of a long sequence some at even distances, of a large memory those of the first slots.
 *
 * @param slots - indices of the slots in the order to show.
 * @param element - index of the sequence in the batch.
 * @returns one film per write head; none if the network has no links.
 */
export function linkFilms(trace: TraceData, slots: readonly number[], element: number): readonly LinkFilm[] {
  const links = seriesIfPresent(trace, "link", 3, element);
  if (!links) return [];
  const [heads, total] = links.shape;
  const shown = slots.slice(0, MAX_SLOTS);
  const steps = sampleEvenly(
    Array.from({ length: links.timeSteps }, (_, step) => step),
    MAX_FRAMES,
  );
  const cuts = [
    ...(shown.length < total ? [`the first ${shown.length} slots`] : []),
    ...(steps.length < links.timeSteps ? [`${steps.length} of ${links.timeSteps} steps`] : []),
  ];
  const matrices = steps.map((step) => ({ step, all: links.at(step) }));
  return numbered("Link matrix", heads, "write head ").map((title, head) => ({
    title,
    slots: shown,
    cut: cuts.join(", ") || undefined,
    frames: matrices.map(({ step, all }) => ({
      step,
      values: shown.flatMap((row) => shown.map((column) => all[(head * total + row) * total + column])),
    })),
  }));
}
