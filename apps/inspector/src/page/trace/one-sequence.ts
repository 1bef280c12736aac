import type { SequenceView } from "./sequence-view.js";
import type { Quantity } from "./trace.js";

/** The number of sequences in the trace of a view. */
export function sequencesOf({ trace }: SequenceView): number {
  const [any] = Object.values(trace.quantities);
  return any?.shape[1] ?? 0;
}

/**
 * Takes one sequence out of a view.
 *
 * @param sequence - index of the sequence in the batch.
 * @returns the view itself if there is no other sequence in it.
 */
export function oneSequence(view: SequenceView, sequence: number): SequenceView {
  if (sequencesOf(view) < 2) return view;
  const quantities = Object.entries(view.trace.quantities).map(([name, all]) => [name, taken(all, sequence)] as const);
  return { ...view, trace: { quantities: Object.fromEntries(quantities) } };
}

function taken({ shape, data }: Quantity, sequence: number): Quantity {
  const [timeSteps = 0, sequences = 0, ...rest] = shape;
  const size = data.length / (timeSteps * sequences);
  const one = new Float32Array(timeSteps * size);
  for (let step = 0; step < timeSteps; step++) {
    const start = (step * sequences + sequence) * size;
    one.set(data.subarray(start, start + size), step * size);
  }
  return { shape: [timeSteps, 1, ...rest], data: one };
}
