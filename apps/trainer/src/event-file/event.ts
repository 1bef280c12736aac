import { doubleField, integerField, messageField, stringField } from "./protobuf.js";
import { type SummaryValue, summaryFields } from "./summary.js";

// Field numbers and enums of TensorFlow's event.proto.
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 } as const;
const SESSION_LOG = { status: 1 } as const;
const STATUS_START = 1;

/** The first event of every file; every `time` is in seconds since 1970. */
export function versionEvent(time: number): Uint8Array {
  return Buffer.concat([doubleField(EVENT.wallTime, time), stringField(EVENT.fileVersion, "brain.Event:2")]);
}

/** Says that what earlier files hold of `step` and later ones no longer counts. */
export function startEvent(time: number, step: number): Uint8Array {
  return Buffer.concat([
    doubleField(EVENT.wallTime, time),
    integerField(EVENT.step, step),
    messageField(EVENT.sessionLog, [integerField(SESSION_LOG.status, STATUS_START)]),
  ]);
}

/** What there is to show of a step. */
export function summaryEvent(time: number, step: number, values: readonly SummaryValue[]): Uint8Array {
  return Buffer.concat([
    doubleField(EVENT.wallTime, time),
    integerField(EVENT.step, step),
    messageField(EVENT.summary, summaryFields(values)),
  ]);
}
