import { formatValue } from "../format-value.js";
import { hasLoneSurrogate, isRefusedName } from "../names.js";
import type { StoredTensor } from "../stored-tensor.js";
import { LENGTH_BYTES, MAX_HEADER_BYTES } from "./decode.js";
import { writeFloats } from "./float-bytes.js";
import { METADATA } from "./header.js";

/** The data begin at a multiple of this many bytes. */
const ALIGNMENT = 8;

/** Options of `encodeSafetensors`. */
export interface EncodeOptions {
  /** The file's metadata by key; default: none. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** `Uint8Array<ArrayBuffer>`, in a form that TypeScript before 5.7 accepts. */
type OwnBytes = ReturnType<typeof Uint8Array.of>;

/**
 * Encodes tensors in the safetensors format: 8 bytes with the header's length, a JSON header (names, shapes, offsets)
 * padded with spaces, then all values as little-endian float32 in the given order. Each value is copied once.
 *
 *     const bytes = encodeSafetensors([{ name: "w", shape: [2], values: Float32Array.of(1, 2) }]);
 *
 * Source: the safetensors format, https://github.com/huggingface/safetensors.
 *
 * @param tensors - in the order of the file; may be empty, and so may each tensor.
 * @param options - `metadata`: the file's metadata by key; default: none.
 * @returns a file that shares no memory with `tensors`.
 * @throws RangeError if a name is empty, reserved (`__metadata__`, `__proto__`, `constructor`, `prototype`), repeated
 *   or has half a surrogate pair, or if a shape does not fit its values; TypeError if a part has the wrong type.
 */
export function encodeSafetensors(tensors: readonly StoredTensor[], { metadata }: EncodeOptions = {}): OwnBytes {
  const members = metadata === undefined ? [] : [`"${METADATA}":${metadataJson(metadata)}`];
  const names = new Set<string>();
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    checkTensor(name, shape, values);
    if (names.has(name)) throw new RangeError(`name: expected each once, got ${formatValue(name)} twice`);
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
    throw new RangeError(`name: expected one that is neither empty nor reserved, got ${formatValue(name)}`);
  if (!(values instanceof Float32Array))
    throw new TypeError(`${formatValue(name)}: values: expected a Float32Array, got ${formatValue(values)}`);
  if (!Array.isArray(shape))
    throw new TypeError(`${formatValue(name)}: shape: expected an array, got ${formatValue(shape)}`);
  let size = 1;
  for (const dimension of shape) {
    if (!Number.isSafeInteger(dimension) || dimension < 0)
      throw new RangeError(
        `${formatValue(name)}: shape: expected non-negative integers, got ${formatValue(dimension)}`,
      );
    size *= dimension;
  }
  if (size !== values.length)
    throw new RangeError(
      `${formatValue(name)}: expected ${size} values for [${shape.join(", ")}], got ${values.length}`,
    );
}

function metadataJson(metadata: unknown): string {
  if (typeof metadata !== "object" || metadata === null)
    throw new TypeError(`metadata: expected an object, got ${formatValue(metadata)}`);
  for (const [key, value] of Object.entries(metadata)) {
    checkText("metadata", key);
    if (isRefusedName(key)) throw new RangeError(`metadata: expected other keys than ${formatValue(key)}`);
    checkText(`metadata ${formatValue(key)}`, value);
  }
  return JSON.stringify(metadata);
}

function checkText(what: string, text: unknown): asserts text is string {
  if (typeof text !== "string") throw new TypeError(`${what}: expected a string, got ${formatValue(text)}`);
  if (hasLoneSurrogate(text)) throw new RangeError(`${what}: expected whole characters, got ${formatValue(text)}`);
}
