import { concat } from "./bytes.js";
import { doubleField, integerField, messageField, stringField } from "./protobuf.js";
import { encodeRecord } from "./record.js";
import { type SummaryValue, summaryFields } from "./summary.js";

// Field numbers and enums of TensorFlow's event.proto.
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 } as const;
const SESSION_LOG = { status: 1 } as const;
const STATUS_START = 1;

/** Encodes the first event of every file; every `time` is in seconds since 1970. */
export function versionEvent(time: number): Uint8Array {
  return concat([doubleField(EVENT.wallTime, time), stringField(EVENT.fileVersion, "brain.Event:2")]);
}

/** Encodes an event that invalidates `step` and later steps in earlier files. */
export function startEvent(time: number, step: number): Uint8Array {
  return concat([
    doubleField(EVENT.wallTime, time),
    integerField(EVENT.step, step),
    messageField(EVENT.sessionLog, [integerField(SESSION_LOG.status, STATUS_START)]),
  ]);
}

/** Encodes the values of a step. */
export function summaryEvent(time: number, step: number, values: readonly SummaryValue[]): Uint8Array {
  return concat([
    doubleField(EVENT.wallTime, time),
    integerField(EVENT.step, step),
    messageField(EVENT.summary, summaryFields(values)),
  ]);
}

/**
 * Encodes the start of a TensorBoard event file.
 *
 * @param time - seconds since 1970.
 * @param step - this step and later steps in earlier files of the folder become invalid.
 * @returns records, as bytes to append to the file.
 */
export function encodeEventFileStart(time: number, step: number): Uint8Array {
  return concat([versionEvent(time), startEvent(time, step)].map(encodeRecord));
}

/**
 * Encodes the values of a step for a TensorBoard event file.
 *
 *     await appendFile(path, encodeSummary(Date.now() / 1000, step, [scalar("loss", 0.5)]));
 *
 * @param time - seconds since 1970.
 * @param step - an integer of at least 0.
 * @param values - scalars, texts and images.
 * @returns a record, as bytes to append to the file.
 * @throws RangeError if `step` is not an integer of at least 0.
 */
export function encodeSummary(time: number, step: number, values: readonly SummaryValue[]): Uint8Array {
  return encodeRecord(summaryEvent(time, step, values));
}
