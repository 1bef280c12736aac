import { type Series, seriesIfPresent, seriesOf, type TraceData } from "../images/trace-series.js";
import { SIGNIFICANT_WEIGHT, slotOrder } from "../timeline/slot-order.js";

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

/** A weight of a head. */
export type HeadEvent = MemoryEvent & {
  /** The mode that contributes most to the weight of a read head; absent for write heads, and for a network without modes. */
  readonly mode?: ReadMode | undefined;
  /** Index of the write head along whose links it was read, from 0; absent if there is one write head, or the mode is content. */
  readonly writeHead?: number | undefined;
};

/** What a head does at the slots of a memory over time. */
export type HeadUse = {
  /** What the head does. */
  readonly kind: "write" | "read";
  /** Index of the head, from 0. */
  readonly head: number;
  /** Places of weights of at least 0.1. */
  readonly events: readonly HeadEvent[];
};

/** How the memory is used during one sequence. */
export type MemoryUse = {
  /** Length of the sequence. */
  readonly timeSteps: number;
  /** Number of slots of the memory. */
  readonly total: number;
  /** All slots, in the order of their first write; those that were not written follow by index. */
  readonly order: readonly number[];
  /** The write heads, then the read heads. */
  readonly heads: readonly HeadUse[];
  /** Decreases of usage by at least 0.1. */
  readonly freed: readonly MemoryEvent[];
};

/**
 * Finds where the heads write and read over one sequence, by which mode, and which slots are freed: what `locationChart` draws.
 *
 *     const { order, heads, freed } = memoryUse(await serializeTrace(trace));
 *     console.log(`slot ${order[0]} is written first, by weight ${heads[0].events[0].amount}`);
 *
 * @param trace - trace of a network with a memory, as plain data; it needs `writeWeights`.
 * @param options - `element`: index of the sequence in the batch; default: 0.
 * @returns events in the order of time. Weights and decreases of usage below 0.1 are left out.
 * @throws TypeError if the trace has no write weights; RangeError if quantities do not fit their shapes or each other, or `element` is not
 *   in the batch.
 */
export function memoryUse(
  trace: TraceData,
  { element = 0 }: { readonly element?: number | undefined } = {},
): MemoryUse {
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

type FoundMode = Pick<HeadEvent, "mode" | "writeHead">;
type ModeFinder = (step: number, head: number, slot: number) => FoundMode | undefined;

function headUses(kind: HeadUse["kind"], weights: Series, modeOf: ModeFinder = () => undefined): HeadUse[] {
  const [heads, slots] = weights.shape;
  const events = Array.from({ length: heads }, (): HeadEvent[] => []);
  for (let step = 0; step < weights.timeSteps; step++) {
    const values = weights.at(step);
    for (let index = 0; index < values.length; index++) {
      if (!(values[index] >= SIGNIFICANT_WEIGHT)) continue; // NaN too
      const [head, slot] = [Math.floor(index / slots), index % slots];
      events[head].push({ step, slot, amount: Math.min(values[index], 1), ...modeOf(step, head, slot) });
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
    let best: { readonly found: FoundMode; readonly share: number } | undefined;
    parts.forEach((part, index) => {
      const mode = index < writeHeads ? "backward" : index < 2 * writeHeads ? "forward" : "content";
      const writeHead = index % writeHeads;
      const row = mode === "content" ? head : head * writeHeads + writeHead;
      const share = part * (weights[mode] ? weightAt(weights[mode], step, row, slot) : 1);
      if (best !== undefined && share <= best.share) return;
      best = { found: { mode, ...(writeHeads > 1 && mode !== "content" && { writeHead }) }, share };
    });
    return best?.found;
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
