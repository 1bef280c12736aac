import type { ChannelLabels } from "../channel-labels.js";
import { type Series, seriesIfPresent, type TraceData } from "../images/trace-series.js";

/** A part of a sequence, such as the pattern or the part whose output counts. */
export type Phase = {
  /** Name to display, such as "bits". */
  readonly name: string;
  /** Its first time step, from 0. */
  readonly start: number;
  /** The time step after its last. */
  readonly end: number;
};

/** The phase in which the output of the network counts. */
export const OUTPUT_PHASE = "output";

/** The phase of inputs whose channels do not say what they are. */
const INPUT_PHASE = "input";

/**
 * Divides a sequence into phases by its mask, its inputs and the names of its channels.
 *
 * Steps that count are the phase "output". In the others, channels with a number in their names ("bit 1", "bit 2") are data
 * ("bits"); any other channel is a marker, and a step in which it is not 0 is a phase of its name.
 *
 * @param trace - trace of one sequence; without `observations` or `mask` it has no phases.
 * @param labels - names of the channels; without those of the inputs, all inputs are one kind.
 * @param element - index of the sequence in the batch.
 * @returns phases in the order of time, from the first time step to the last.
 */
export function phasesOf(trace: TraceData, labels: ChannelLabels = {}, element = 0): readonly Phase[] {
  const inputs = seriesIfPresent(trace, "observations", 1, element);
  const mask = seriesIfPresent(trace, "mask", 0, element);
  if (!inputs || !mask) return [];
  const names = namesOf(labels.inputs ?? [], inputs);
  return joinSteps(
    Array.from({ length: inputs.timeSteps }, (_, step) => (mask.at(step)[0] > 0 ? OUTPUT_PHASE : names(step))),
  );
}

/**
 * Joins neighbouring time steps of one name to phases.
 *
 *     joinSteps(["start", "bits", "bits"]); // start: 0 to 1, bits: 1 to 3
 *
 * @param names - a name for each time step.
 * @returns phases in the order of time, from the first time step to the last.
 */
export function joinSteps(names: readonly string[]): readonly Phase[] {
  const phases: Phase[] = [];
  names.forEach((name, step) => {
    const last = phases.at(-1);
    if (last?.name === name) phases[phases.length - 1] = { ...last, end: step + 1 };
    else phases.push({ name, start: step, end: step + 1 });
  });
  return phases;
}

/** Returns a function from a time step to the name of its inputs. */
function namesOf(labels: readonly string[], inputs: Series): (step: number) => string {
  const kinds = labels.map((label) => {
    const [, word] = /^(.*\S) \d+$/.exec(label) ?? [];
    return { label: word === undefined ? label : `${word}s`, isData: word !== undefined };
  });
  const data = [...new Set(kinds.filter(({ isData }) => isData).map(({ label }) => label))];
  return (step) => {
    const active = inputs.at(step).flatMap((value, channel) => (value !== 0 ? [kinds[channel]] : []));
    const marker = active.find((kind) => kind && !kind.isData);
    if (marker) return marker.label;
    const named = data.length > 1 ? active.find((kind) => kind?.isData)?.label : data[0];
    return named ?? INPUT_PHASE;
  };
}
