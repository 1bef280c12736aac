import type { HeadEvent } from "@dnc/report";
import type { SequenceTrace } from "./trace.js";

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
  const { heads = [], freed = [] } = trace.use ?? {};
  const events: SlotEvent[] = freed
    .filter((event) => event.slot === slot)
    .map(({ step, amount }) => ({ step, kind: "freed", amount }));
  for (const { kind, head, events: all } of heads)
    for (const event of all) {
      if (event.slot !== slot) continue;
      const { step, amount } = event;
      if (kind === "write") events.push({ step, kind: "written", head, amount, by: writtenBy(trace, step, head) });
      else events.push({ step, kind: "read", head, amount, by: modeName(event) });
    }
  return events.sort((a, b) => a.step - b.step);
}

function writtenBy(trace: SequenceTrace, step: number, head: number): string {
  return (trace.at("allocationGate", step)[head] ?? 0) >= 0.5 ? "allocation" : "content";
}

/** The name of the mode of a read, as `readModeNames` has it. Without links there is one mode, content. */
function modeName({ mode = "content", writeHead }: HeadEvent): string {
  return writeHead === undefined ? mode : `${mode} ${writeHead + 1}`;
}

/** The names of a read head's modes, in their order: backward and forward for each write head, then content. */
export function readModeNames(trace: SequenceTrace): readonly string[] {
  const writeHeads = Math.max(0, ((trace.shape("readMode")[1] ?? 1) - 1) / 2);
  const numbered = (name: string) =>
    Array.from({ length: writeHeads }, (_, head) => (writeHeads === 1 ? name : `${name} ${head + 1}`));
  return [...numbered("backward"), ...numbered("forward"), "content"];
}
