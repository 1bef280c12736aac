import type { ReadMode } from "@dnc/report";
import type { SequenceView } from "../trace/sequence-view.js";
import { largest, type SequenceTrace } from "../trace/trace.js";

/** Where a head is at a time step: the slot with its largest weight. */
export interface Visit {
  readonly step: number;
  readonly slot: number;
  readonly weight: number;
  /** Mode by which a read head came there; undefined for a write head, and if it reads next to nothing. */
  readonly by?: ReadMode | undefined;
}

/** What happens in a sequence of repeat copy, for the first write head and the first read head. */
export interface RepeatFacts {
  /** Time steps at which the pattern is shown, one per vector. */
  readonly patternSteps: readonly number[];
  /** The time step at which the number of repeats is shown. */
  readonly repeatsStep: number;
  /** Time steps at which the pattern must be given, without the end marker. */
  readonly outputSteps: readonly number[];
  readonly repeats: number;
  readonly bits: number;
  /** Where each vector was written. */
  readonly writes: readonly Visit[];
  /** Where it was read at each step of the output. */
  readonly reads: readonly Visit[];
}

/**
 * Finds out what happens in a sequence of repeat copy.
 *
 * @returns undefined if it is none: the parts of the sequence are others, or the network has no memory.
 */
export function repeatFacts({ phases }: SequenceView, trace: SequenceTrace): RepeatFacts | undefined {
  if (phases === undefined || trace.slots === 0 || !trace.has("readMode")) return undefined;
  const stepsOf = (name: string) => phases.flatMap((phase, step) => (phase === name ? [step] : []));
  const [patternSteps, [repeatsStep], output] = [stepsOf("bits"), stepsOf("repeats"), stepsOf("output")];
  const outputSteps = output.slice(0, -1);
  const repeats = outputSteps.length / patternSteps.length;
  if (repeatsStep === undefined || repeats < 1 || !Number.isInteger(repeats)) return undefined;
  return {
    ...{ patternSteps, repeatsStep, outputSteps, repeats, bits: (trace.shape("target")[0] ?? 1) - 1 },
    writes: patternSteps.map((step) => visit(trace, "writeWeights", step)),
    reads: outputSteps.map((step) => {
      const found = visit(trace, "readWeights", step);
      return { ...found, by: trace.readEvent(step, 0, found.slot)?.mode };
    }),
  };
}

function visit(trace: SequenceTrace, name: string, step: number): Visit {
  const weights = trace.at(name, step, 0);
  const slot = largest(weights);
  return { step, slot, weight: weights[slot] ?? 0 };
}
