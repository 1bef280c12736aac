import { DamagedCheckpointError } from "../damaged-checkpoint-error.js";
import { formatValue } from "../format-value.js";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";
import { misplacedLine, topLevelNumber } from "./json-layout.js";
import { findUnserializable } from "./plain-json.js";
import { sha256 } from "./sha256.js";

/** Everything in a checkpoint except its tensors: plain JSON. */
export type CheckpointState = {
  /** Training steps done, at least 0. */
  readonly step: number;
  /** Whatever else is needed to resume, such as the state of a random generator. */
  readonly [key: string]: unknown;
};

/** SHA-256 of the tensor files. */
export type TensorHashes = { readonly "model.safetensors": string; readonly "optimizer.safetensors": string };

/** A verified state.json; its hashes of the tensor files must still be compared. */
export interface ParsedState {
  readonly state: CheckpointState;
  readonly sha256: TensorHashes;
}

/** Name of the state's file in a checkpoint and in error messages. */
export const STATE_FILE = "state.json";

/** Maximum length of state.json. */
export const MAX_STATE_BYTES = 4 * 2 ** 20;

/** Keys that saving adds to a state. */
export const RESERVED_KEYS = ["format", "version", "sha256"];

const FORMAT = "dnc-checkpoint";
const VERSION = 1;
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * Serializes a state to the text of state.json: format, version, the state's members and the hashes. The last hash is
 * that of the same text without this hash.
 *
 * @param state - plain JSON, without the reserved keys.
 */
export async function serializeState(state: CheckpointState, hashes: TensorHashes): Promise<string> {
  return withOwnHash({ format: FORMAT, version: VERSION, ...state }, hashes);
}

/**
 * Parses state.json and verifies its own hash. The parsed document is serialized again and compared with the bytes, which
 * excludes repeated keys and numbers that round.
 *
 * @throws DamagedCheckpointError if the bytes are not exactly what `serializeState` writes; UnreadableCheckpointError if
 *   they are too long, a later release wrote them, in whatever layout, or the hash is right but a field is invalid.
 */
export async function parseState(bytes: Uint8Array): Promise<ParsedState> {
  if (bytes.length > MAX_STATE_BYTES)
    throw unreadable(`expected at most ${MAX_STATE_BYTES} bytes, got ${bytes.length}`);
  const mark = byteOrderMark(bytes);
  if (mark !== undefined) throw damaged(`expected UTF-8 without a byte-order mark, got that of ${mark}`);
  const later = topLevelNumber(bytes, "version");
  if (Number.isInteger(later) && (later as number) > VERSION)
    throw unreadable(`version ${later} was written by a later release; this one reads version ${VERSION}`);
  const line = misplacedLine(bytes);
  if (line !== undefined) throw damaged(`line ${line} is not laid out as it was saved`);
  const { text, document } = parsed(bytes);
  const unserializable = findUnserializable(document);
  if (unserializable !== undefined) throw damaged(`the document${unserializable}`);
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw damaged(`expected an object, got ${formatValue(document)}`);
  const { format, version, ...rest } = document as Record<string, unknown>;
  const { sha256: hashes, ...state } = rest;
  const tensorHashes = checkedHashes(document, hashes);
  if ((await withOwnHash(document as Record<string, unknown>, tensorHashes)) !== text)
    throw damaged("its SHA-256 is not the one it ends with");
  // The hash is right: from here on a wrong field was written deliberately.
  if (format !== FORMAT) throw unreadable(`format: expected ${JSON.stringify(FORMAT)}, got ${formatValue(format)}`);
  if (version !== VERSION) throw unreadable(`version: expected ${VERSION}, got ${formatValue(version)}`);
  const { step } = state;
  if (!Number.isSafeInteger(step) || (step as number) < 0)
    throw unreadable(`step: expected a non-negative integer, got ${formatValue(step)}`);
  return { state: state as CheckpointState, sha256: tensorHashes };
}

/** Detects a byte-order mark, which an editor may have added. */
function byteOrderMark([first, second, third]: Uint8Array): "UTF-8" | "UTF-16" | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "UTF-8";
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return "UTF-16";
  return undefined;
}

/** Serializes `document` with these hashes and, last, its own. */
async function withOwnHash(document: Record<string, unknown>, hashes: TensorHashes): Promise<string> {
  const own = await sha256(new TextEncoder().encode(serialized({ ...document, sha256: hashes })));
  return serialized({ ...document, sha256: { ...hashes, [STATE_FILE]: own } });
}

function serialized(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function parsed(bytes: Uint8Array): { text: string; document: unknown } {
  let text: string;
  let document: unknown;
  try {
    text = DECODER.decode(bytes);
  } catch (cause) {
    throw damaged("expected UTF-8, got other bytes", cause);
  }
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw damaged("expected JSON, got something else", cause);
  }
  if (serialized(document) !== text) throw damaged("its text is not what its contents are saved as");
  return { text, document };
}

function checkedHashes(document: object, hashes: unknown): TensorHashes {
  const isLast = Object.keys(document).at(-1) === "sha256";
  const values = typeof hashes === "object" && hashes !== null ? Object.values(hashes) : [];
  if (!isLast || values.length !== 3 || !values.every((value) => typeof value === "string" && SHA256.test(value)))
    throw damaged("sha256: expected three hashes, last in the file, got something else");
  return {
    "model.safetensors": values[0],
    "optimizer.safetensors": values[1],
  };
}

function damaged(text: string, cause?: unknown): DamagedCheckpointError {
  return new DamagedCheckpointError(`${STATE_FILE}: ${text}`, cause === undefined ? undefined : { cause });
}

function unreadable(text: string): UnreadableCheckpointError {
  return new UnreadableCheckpointError(`${STATE_FILE}: ${text}`);
}
