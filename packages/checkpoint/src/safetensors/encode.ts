import { hasLoneSurrogate, isRefusedName } from "../names.js";
import { describe, shown } from "../shown.js";
import type { StoredTensor } from "../stored-tensor.js";
import { LENGTH_BYTES, MAX_HEADER_BYTES } from "./decode.js";
import { writeFloats } from "./float-bytes.js";
import { METADATA } from "./header.js";

/** The data begin at a multiple of this many bytes. */
const ALIGNMENT = 8;

/** What a file says besides its tensors. */
export interface EncodeOptions {
  /** The file's own remarks, by key; none. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Bytes over an `ArrayBuffer`: what `Uint8Array<ArrayBuffer>` says, which TypeScript before 5.7 does not know. */
type OwnBytes = ReturnType<typeof Uint8Array.of>;

/**
 * Tensors in the safetensors format: 8 bytes with the header's length, a JSON header (names, shapes, places), padded
 * with spaces, then all values as little-endian float32 in the given order. Each value is copied once.
 *
 * Source: the safetensors format, https://github.com/huggingface/safetensors.
 *
 * @param tensors - in the order that the file shall have; none is fine, and so are tensors of no values.
 * @param options - `metadata`: the file's own remarks.
 * @returns a file that shares no memory with `tensors`.
 * @throws RangeError if a name is empty, reserved (`__metadata__`, `__proto__`, `constructor`, `prototype`), not
 *   whole characters or there twice, or if a shape does not fit its values; TypeError if a part is of another kind.
 */
export function encodeSafetensors(tensors: readonly StoredTensor[], { metadata }: EncodeOptions = {}): OwnBytes {
  const members = metadata === undefined ? [] : [`"${METADATA}":${metadataJson(metadata)}`];
  const names = new Set<string>();
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    checkTensor(name, shape, values);
    if (names.has(name)) throw new RangeError(`name: expected each once, got ${shown(name)} twice`);
    names.add(name);
    const end = offset + values.byteLength;
    members.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype: "F32", shape, data_offsets: [offset, end] })}`);
    offset = end;
  }
  const json = new TextEncoder().encode(`{${members.join(",")}}`);
  const length = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  if (length > MAX_HEADER_BYTES)
    throw new RangeError(`header: expected at most ${MAX_HEADER_BYTES} bytes for names and shapes, got ${length}`);
  const bytes = new Uint8Array(LENGTH_BYTES + length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + length);
  bytes.set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + length;
  for (const { values } of tensors) {
    writeFloats(bytes, at, values);
    at += values.byteLength;
  }
  return bytes;
}

function checkTensor(name: unknown, shape: readonly unknown[], values: unknown): void {
  checkText("name", name);
  if (name === "" || name === METADATA || isRefusedName(name))
    throw new RangeError(`name: expected one that is neither empty nor reserved, got ${shown(name)}`);
  if (!(values instanceof Float32Array))
    throw new TypeError(`${shown(name)}: values: expected a Float32Array, got ${describe(values)}`);
  if (!Array.isArray(shape)) throw new TypeError(`${shown(name)}: shape: expected an array, got ${describe(shape)}`);
  let size = 1;
  for (const dimension of shape) {
    if (!Number.isSafeInteger(dimension) || dimension < 0)
      throw new RangeError(`${shown(name)}: shape: expected non-negative integers, got ${describe(dimension)}`);
    size *= dimension;
  }
  if (size !== values.length)
    throw new RangeError(`${shown(name)}: expected ${size} values for [${shape.join(", ")}], got ${values.length}`);
}

function metadataJson(metadata: unknown): string {
  if (typeof metadata !== "object" || metadata === null)
    throw new TypeError(`metadata: expected an object, got ${describe(metadata)}`);
  for (const [key, value] of Object.entries(metadata)) {
    checkText("metadata", key);
    if (isRefusedName(key)) throw new RangeError(`metadata: expected other keys than ${shown(key)}`);
    checkText(`metadata ${shown(key)}`, value);
  }
  return JSON.stringify(metadata);
}

function checkText(what: string, text: unknown): asserts text is string {
  if (typeof text !== "string") throw new TypeError(`${what}: expected a string, got ${describe(text)}`);
  if (hasLoneSurrogate(text)) throw new RangeError(`${what}: expected whole characters, got ${shown(text)}`);
}
