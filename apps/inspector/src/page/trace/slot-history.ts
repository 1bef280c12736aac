import { largest, type SequenceTrace } from "./trace.js";

/** Weight from which a slot counts as written or read, as in the report. */
export const SIGNIFICANT_WEIGHT = 0.1;

/** Decrease of a slot's usage in one step from which it counts as freed. */
const FREED_USAGE = 0.1;

/** What happened to a slot at a time step. */
export interface SlotEvent {
  readonly step: number;
  readonly kind: "written" | "read" | "freed";
  /** Index of the head; absent for what was freed. */
  readonly head?: number | undefined;
  /** The weight, or by how much usage fell. */
  readonly amount: number;
  /** How a read head came there: the mode with the largest share; a write head: allocation or content. */
  readonly by?: string | undefined;
}

/** Lists what happened to a slot, in the order of time. */
export function slotHistory(trace: SequenceTrace, slot: number): readonly SlotEvent[] {
  return Array.from({ length: trace.timeSteps }, (_, step) => eventsAt(trace, slot, step)).flat();
}

function eventsAt(trace: SequenceTrace, slot: number, step: number): SlotEvent[] {
  const events: SlotEvent[] = [];
  const before = step > 0 ? (trace.at("usage", step - 1)[slot] ?? 0) : 0;
  const fallen = before - (trace.at("usage", step)[slot] ?? 0);
  if (fallen >= FREED_USAGE) events.push({ step, kind: "freed", amount: fallen });
  for (let head = 0; head < trace.writeHeads; head++) {
    const amount = trace.at("writeWeights", step, head)[slot] ?? 0;
    if (amount >= SIGNIFICANT_WEIGHT)
      events.push({ step, kind: "written", head, amount, by: writtenBy(trace, step, head) });
  }
  for (let head = 0; head < trace.readHeads; head++) {
    const amount = trace.at("readWeights", step, head)[slot] ?? 0;
    if (amount >= SIGNIFICANT_WEIGHT)
      events.push({ step, kind: "read", head, amount, by: readBy(trace, step, head, slot) });
  }
  return events;
}

function writtenBy(trace: SequenceTrace, step: number, head: number): string {
  return (trace.at("allocationGate", step)[head] ?? 0) >= 0.5 ? "allocation" : "content";
}

/** The names of a read head's modes, in their order: backward and forward for each write head, then content. */
export function readModeNames(trace: SequenceTrace): readonly string[] {
  const writeHeads = Math.max(0, ((trace.shape("readMode")[1] ?? 1) - 1) / 2);
  const numbered = (name: string) =>
    Array.from({ length: writeHeads }, (_, head) => (writeHeads === 1 ? name : `${name} ${head + 1}`));
  return [...numbered("backward"), ...numbered("forward"), "content"];
}

/**
 * The mode by which a read head came to a slot: that which contributes most to its weight there.
 *
 * Without links there is one mode, content.
 */
export function readBy(trace: SequenceTrace, step: number, head: number, slot: number): string {
  if (!trace.has("readMode")) return "content";
  const modes = trace.at("readMode", step, head);
  const writeHeads = (modes.length - 1) / 2;
  const linked = (name: string, index: number) => trace.at(name, step, head)[index * trace.slots + slot] ?? 0;
  const shares = Array.from(modes, (mode, index) => {
    if (index < writeHeads) return mode * linked("backwardWeights", index);
    if (index < 2 * writeHeads) return mode * linked("forwardWeights", index - writeHeads);
    return mode * (trace.at("readContentWeights", step, head)[slot] ?? 0);
  });
  return readModeNames(trace)[largest(shares)] ?? "content";
}
