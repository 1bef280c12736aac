import { type Series, seriesIfPresent, seriesOf, type TraceData } from "../images/trace-series.js";
import { slotOrder, WRITTEN_WEIGHT } from "../timeline/slot-order.js";

/** Decrease of usage in one time step from which a slot counts as freed. */
export const FREED_USAGE = 0.1;

/** How a read head came to a slot. */
export type ReadMode = "content" | "forward" | "backward";

/** The modes in the order in which they are explained. */
export const READ_MODES = ["content", "forward", "backward"] as const satisfies readonly ReadMode[];

/** A head that writes or reads at a slot, or a slot that is freed, at a time step. */
export type MemoryEvent = {
  /** Time step, from 0. */
  readonly step: number;
  /** Index of the slot, from 0. */
  readonly slot: number;
  /** The weight, or by how much usage fell: at least 0.1, at most 1. */
  readonly amount: number;
};

/** A weight of a head; of a read head with its mode, if the network has modes. */
export type HeadEvent = MemoryEvent & { readonly mode?: ReadMode | undefined };

/** What a head does at the slots of a memory over time. */
export type HeadUse = {
  readonly kind: "write" | "read";
  /** Index of the head, from 0. */
  readonly head: number;
  /** Places of weights of at least 0.1. */
  readonly events: readonly HeadEvent[];
};

/** How the memory is used during one sequence. */
export type MemoryUse = {
  readonly timeSteps: number;
  /** Number of slots of the memory. */
  readonly total: number;
  /** All slots, in the order of their first write; those that were not written follow by index. */
  readonly order: readonly number[];
  /** The write heads, then the read heads. */
  readonly heads: readonly HeadUse[];
  readonly freed: readonly MemoryEvent[];
};

/**
 * Finds where the heads write and read and which slots are freed.
 *
 * @param element - index of the sequence in the batch.
 * @throws TypeError if the trace has no write weights; RangeError if quantities do not fit their shapes or each other.
 */
export function memoryUse(trace: TraceData, element: number): MemoryUse {
  const writes = seriesOf(trace, "writeWeights", 2, element);
  const [, total] = writes.shape;
  const reads = seriesIfPresent(trace, "readWeights", 2, element);
  const usage = seriesIfPresent(trace, "usage", 1, element);
  for (const [name, series] of Object.entries({ readWeights: reads, usage }))
    if (series) checkLike(writes, name, series);
  return {
    ...{ timeSteps: writes.timeSteps, total, order: slotOrder(writes, total).slots },
    heads: [...headUses("write", writes), ...(reads ? headUses("read", reads, modeFinder(trace, element)) : [])],
    freed: usage ? freedSlots(usage) : [],
  };
}

function checkLike(writes: Series, name: string, { timeSteps, shape }: Series): void {
  const expected = `${writes.timeSteps} time steps of ${writes.shape[1]} slots`;
  const slots = shape[shape.length - 1];
  if (timeSteps !== writes.timeSteps || slots !== writes.shape[1])
    throw new RangeError(
      `trace.${name}: expected ${expected}, as of writeWeights, got ${timeSteps} time steps of ${slots} slots`,
    );
}

type ModeFinder = (step: number, head: number, slot: number) => ReadMode | undefined;

function headUses(kind: HeadUse["kind"], weights: Series, modeOf: ModeFinder = () => undefined): HeadUse[] {
  const [heads, slots] = weights.shape;
  const events = Array.from({ length: heads }, (): HeadEvent[] => []);
  for (let step = 0; step < weights.timeSteps; step++) {
    const values = weights.at(step);
    for (let index = 0; index < values.length; index++) {
      if (!(values[index] >= WRITTEN_WEIGHT)) continue; // NaN too
      const [head, slot] = [Math.floor(index / slots), index % slots];
      const mode = modeOf(step, head, slot);
      events[head].push({ step, slot, amount: Math.min(values[index], 1), ...(mode && { mode }) });
    }
  }
  return events.map((each, head) => ({ kind, head, events: each }));
}

/** Returns a function that finds the mode with the largest share of a read weight. */
function modeFinder(trace: TraceData, element: number): ModeFinder {
  const read = (name: string, rank: number) => remembered(seriesIfPresent(trace, name, rank, element));
  const modes = read("readMode", 2);
  if (!modes) return () => undefined;
  const writeHeads = (modes.shape[1] - 1) / 2;
  const weights = {
    backward: read("backwardWeights", 3),
    forward: read("forwardWeights", 3),
    content: read("readContentWeights", 2),
  };
  return (step, head, slot) => {
    const parts = modes.at(step).slice(head * modes.shape[1], (head + 1) * modes.shape[1]);
    let best: { readonly mode: ReadMode; readonly share: number } | undefined;
    parts.forEach((part, index) => {
      const mode = index < writeHeads ? "backward" : index < 2 * writeHeads ? "forward" : "content";
      const row = mode === "content" ? head : head * writeHeads + (index % writeHeads);
      const share = part * (weights[mode] ? weightAt(weights[mode], step, row, slot) : 1);
      if (best === undefined || share > best.share) best = { mode, share };
    });
    return best?.mode;
  };
}

/** Keeps the numbers of each time step, which are asked for again and again. */
function remembered(series: Series | undefined): Series | undefined {
  if (!series) return undefined;
  const steps: (ReturnType<Series["at"]> | undefined)[] = [];
  return { ...series, at: (step) => (steps[step] ??= series.at(step)) };
}

function weightAt(weights: Series, step: number, row: number, slot: number): number {
  return weights.at(step)[row * weights.shape[weights.shape.length - 1] + slot];
}

function freedSlots(usage: Series): MemoryEvent[] {
  const steps = Array.from({ length: usage.timeSteps }, (_, step) => usage.at(step));
  return steps.flatMap((values, step) =>
    step === 0
      ? []
      : values.flatMap((value, slot) => {
          const fallen = steps[step - 1][slot] - value;
          return fallen >= FREED_USAGE ? [{ step, slot, amount: Math.min(fallen, 1) }] : [];
        }),
  );
}
