import type { SequenceView } from "../trace/sequence-view.js";
import type { Quantity, Trace } from "../trace/trace.js";
import { problemOfQuantities } from "./check-quantities.js";
import { readingOf } from "./reading-of.js";

/** Most numbers of a trace that is opened; they take four bytes each. */
const MAX_NUMBERS = 2 ** 28;

/** A file that is no trace of this project; its message is for people. */
export class TraceError extends Error {
  override readonly name = "TraceError";
}

/**
 * Reads a trace that `dnc trace` wrote.
 *
 * @param name - of the file, for messages.
 * @throws TraceError if it is not JSON or no intact trace.
 */
export function openTrace(name: string, bytes: Uint8Array): SequenceView {
  const quantities = quantitiesOf(name, parsed(name, bytes));
  const problem = problemOfQuantities(quantities);
  if (problem !== undefined) throw new TraceError(`${name}: ${problem}`);
  const trace: Trace = { quantities };
  return { title: name, trace, ...readingOf(quantities), withoutTargets: !isMarked(quantities) };
}

/** Whether what is right and wrong is known. */
function isMarked({ target, output, mask }: Readonly<Record<string, Quantity>>): boolean {
  return target !== undefined && output !== undefined && mask !== undefined;
}

function parsed(name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new TraceError(`${name}: expected a trace of dnc trace, got a file that is not JSON`);
  }
}

function quantitiesOf(name: string, content: unknown): Record<string, Quantity> {
  const { format, version, quantities } = objectOf(content);
  if (format !== "dnc-trace") throw new TraceError(`${name}: expected a trace of dnc trace, got other JSON`);
  if (version !== 1) throw new TraceError(`${name}: expected version 1 of the trace format, got ${text(version)}`);
  const entries = Object.entries(objectOf(quantities));
  if (entries.length === 0) throw new TraceError(`${name}: expected quantities in the trace, got none`);
  let numbers = 0;
  let first: readonly number[] | undefined;
  const checked = entries.map(([quantity, value]) => {
    const label = `${name}: ${quantity}`;
    const { shape, data } = objectOf(value);
    if (!isShape(shape))
      throw new TraceError(`${label}: expected a shape of at least time and batch, got ${text(shape)}`);
    const size = shape.reduce((product, length) => product * length, 1);
    numbers += size;
    if (numbers > MAX_NUMBERS) throw new TraceError(`${name}: expected at most ${MAX_NUMBERS} numbers, got more`);
    if (!Array.isArray(data) || data.length !== size)
      throw new TraceError(`${label}: expected ${size} numbers, got ${Array.isArray(data) ? data.length : text(data)}`);
    first ??= shape;
    if (shape[0] !== first[0] || shape[1] !== first[1])
      throw new TraceError(
        `${label}: expected ${first[0]} time steps of ${first[1]} sequences, got ${shape[0]} of ${shape[1]}`,
      );
    return [quantity, { shape, data: floats(label, data) }] as const;
  });
  return Object.fromEntries(checked);
}

function floats(label: string, data: readonly unknown[]): Float32Array {
  const values = new Float32Array(data.length);
  for (let index = 0; index < data.length; index++) {
    const value = data[index];
    // JSON has no NaN; JSON.stringify writes null.
    if (typeof value !== "number" && value !== null)
      throw new TraceError(`${label}: expected numbers, got ${text(value)} at place ${index}`);
    values[index] = value ?? Number.NaN;
  }
  return values;
}

function isShape(shape: unknown): shape is readonly number[] {
  return Array.isArray(shape) && shape.length >= 2 && shape.every((length) => Number.isInteger(length) && length > 0);
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}
