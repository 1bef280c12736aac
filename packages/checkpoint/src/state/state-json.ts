import { DamagedCheckpointError } from "../damaged-checkpoint-error.js";
import { describe } from "../shown.js";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";
import { misplacedLine, topLevelNumber } from "./json-layout.js";
import { lostInJson } from "./plain-json.js";
import { sha256 } from "./sha256.js";

/** What a checkpoint says besides its tensors: plain JSON. */
export type CheckpointState = {
  /** Training steps done, at least 0. */
  readonly step: number;
  /** Whatever else the run needs to go on, such as the state of its random generator. */
  readonly [key: string]: unknown;
};

/** The hashes of the files with tensors. */
export type TensorHashes = { readonly "model.safetensors": string; readonly "optimizer.safetensors": string };

/** A state.json, checked, but not yet against the files beside it. */
export interface OpenedState {
  readonly state: CheckpointState;
  readonly sha256: TensorHashes;
}

/** What state.json is called in a checkpoint, and in messages about it. */
export const STATE_FILE = "state.json";

/** The longest state.json that is read. */
export const MAX_STATE_BYTES = 4 * 2 ** 20;

/** What saving adds to a state. */
export const RESERVED_KEYS = ["format", "version", "sha256"];

const FORMAT = "dnc-checkpoint";
const VERSION = 1;
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * The text of state.json: format, version, the state, and last the hashes, of which the last is that of the same text
 * without that one member.
 *
 * @param state - plain JSON, without the keys that this adds.
 */
export async function sealState(state: CheckpointState, hashes: TensorHashes): Promise<string> {
  return withOwnHash({ format: FORMAT, version: VERSION, ...state }, hashes);
}

/**
 * Opens a state.json. It is parsed, serialised again and compared with what was given, so that what is returned says
 * all that the text says: no key twice, no number that rounds.
 *
 * @throws DamagedCheckpointError if it is not, to the byte, what `sealState` writes; UnreadableCheckpointError if it is too
 *   long, says that a later release wrote it, however that lays it out, or its hash is right and it says something else.
 */
export async function openState(bytes: Uint8Array): Promise<OpenedState> {
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
  const lost = lostInJson(document);
  if (lost !== undefined) throw damaged(`the document${lost}`);
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw damaged(`expected an object, got ${describe(document)}`);
  const { format, version, ...rest } = document as Record<string, unknown>;
  const { sha256: hashes, ...state } = rest;
  const tensorHashes = checkedHashes(document, hashes);
  if ((await withOwnHash(document as Record<string, unknown>, tensorHashes)) !== text)
    throw damaged("its SHA-256 is not the one it ends with");
  // Whoever wrote what follows meant it.
  if (format !== FORMAT) throw unreadable(`format: expected ${JSON.stringify(FORMAT)}, got ${describe(format)}`);
  if (version !== VERSION) throw unreadable(`version: expected ${VERSION}, got ${describe(version)}`);
  const { step } = state;
  if (!Number.isSafeInteger(step) || (step as number) < 0)
    throw unreadable(`step: expected a non-negative integer, got ${describe(step)}`);
  return { state: state as CheckpointState, sha256: tensorHashes };
}

/** What an editor may have put before the text, where nobody sees it. */
function byteOrderMark([first, second, third]: Uint8Array): "UTF-8" | "UTF-16" | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "UTF-8";
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return "UTF-16";
  return undefined;
}

/** `document` with these hashes and its own as its last member. */
async function withOwnHash(document: Record<string, unknown>, hashes: TensorHashes): Promise<string> {
  const own = await sha256(new TextEncoder().encode(serialised({ ...document, sha256: hashes })));
  return serialised({ ...document, sha256: { ...hashes, [STATE_FILE]: own } });
}

function serialised(document: unknown): string {
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
  if (serialised(document) !== text) throw damaged("its text is not what its contents are saved as");
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
