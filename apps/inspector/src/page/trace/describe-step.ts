import { type ReadMode, SIGNIFICANT_WEIGHT } from "@dnc/report";
import { largest, type SequenceTrace } from "./trace.js";

/** Formats a number of a trace: three decimals, more for small ones. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const magnitude = Math.abs(value);
  if (magnitude >= 1000 || magnitude < 0.001) return value.toExponential(2);
  return value.toFixed(3).replace(/\.?0+$/, "");
}

/** Says in sentences what the heads do at a time step, with the numbers. */
export function describeStep(trace: SequenceTrace, step: number): string {
  if (trace.slots === 0) return "The trace shows no memory.";
  const writing = Array.from({ length: trace.writeHeads }, (_, head) => describeWrite(trace, step, head));
  const reading = Array.from({ length: trace.readHeads }, (_, head) => describeRead(trace, step, head));
  return [...writing, ...reading].join(" ");
}

function describeWrite(trace: SequenceTrace, step: number, head: number): string {
  const name = trace.writeHeads === 1 ? "The write head" : `Write head ${head + 1}`;
  const weights = trace.at("writeWeights", step, head);
  const slot = largest(weights);
  if (slot < 0) return `${name} has weights that are not numbers.`;
  const gate = trace.at("writeGate", step)[head] ?? 0;
  if ((weights[slot] ?? 0) < SIGNIFICANT_WEIGHT) return `${name} writes next to nothing (gate ${formatNumber(gate)}).`;
  const isFree = (trace.at("allocationGate", step)[head] ?? 0) >= 0.5;
  const why = isFree ? "which is free" : "whose content matches its key";
  return `${name} writes to slot ${slot}, ${why} (weight ${formatNumber(weights[slot] as number)}).`;
}

function describeRead(trace: SequenceTrace, step: number, head: number): string {
  const name = trace.readHeads === 1 ? "The read head" : `Read head ${head + 1}`;
  const weights = trace.at("readWeights", step, head);
  const slot = largest(weights);
  if (slot < 0) return `${name} has weights that are not numbers.`;
  if ((weights[slot] ?? 0) < SIGNIFICANT_WEIGHT) return `${name} reads next to nothing.`;
  const how = HOW[trace.readEvent(step, head, slot)?.mode ?? "content"];
  return `${name} reads slot ${slot} ${how} (weight ${formatNumber(weights[slot] as number)}).`;
}

const HOW: Readonly<Record<ReadMode, string>> = {
  backward: "by going back along the links",
  forward: "by following the links",
  content: "by its content",
};
