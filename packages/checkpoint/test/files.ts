/** Files for tests, built directly so that they can be invalid. */
import { encodeSafetensors } from "../src/index.js";
import { sha256 } from "../src/state/sha256.js";
import { serializeState } from "../src/state/state-json.js";
import type { StoredTensor } from "../src/stored-tensor.js";

export type Files = { "state.json": Uint8Array; "model.safetensors": Uint8Array; "optimizer.safetensors": Uint8Array };

export const utf8 = (text: string) => new Uint8Array(new TextEncoder().encode(text));

export const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Creates a safetensors file with any header, any stated length and any data. */
export function rawFile(header: string | Uint8Array, data = 0, length?: bigint): Uint8Array {
  const json = typeof header === "string" ? utf8(header) : header;
  const bytes = new Uint8Array(8 + json.length + data);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

/** Formats an entry of a header. */
export function entry(name: string, shape: string, offsets: string, dtype = "F32"): string {
  return `"${name}":{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;
}

/** Creates a tensor with values counting up from `start`. */
export function tensor(name: string, shape: readonly number[], start = 0): StoredTensor {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  return { name, shape, values: Float32Array.from({ length: size }, (_, index) => start + index / 8) };
}

/** Creates a checkpoint with valid hashes for files of any contents. */
export async function sealed(
  model: Uint8Array,
  optimizer: Uint8Array = encodeSafetensors([]),
  state: Record<string, unknown> = {},
): Promise<Files> {
  const hashes = { "model.safetensors": await sha256(model), "optimizer.safetensors": await sha256(optimizer) };
  const json = await serializeState({ step: 100, ...state }, hashes);
  return { "state.json": utf8(json), "model.safetensors": model, "optimizer.safetensors": optimizer };
}

/** Creates tensors with the names and shapes of the default network on repeat copy: 43,980 numbers in 24 tensors. */
export function defaultNetwork(): StoredTensor[] {
  const [inputs, hidden, words, slots, heads, outputs] = [6, 64, 16, 16, 4, 5];
  const layers = { write_vectors: words, erase_vectors: words, free_gate: heads, allocation_gate: 1, write_gate: 1 };
  const others = { read_mode: 3 * heads, write_keys: words, write_strengths: 1, read_keys: heads * words };
  const sizes = Object.entries({ ...layers, ...others, read_strengths: heads });
  const gates = inputs + heads * slots + hidden;
  return [
    tensor("dnc/lstm/w_gates", [gates, 4 * hidden]),
    tensor("dnc/lstm/b_gates", [4 * hidden]),
    ...sizes.flatMap(([layer, size]) => [
      tensor(`dnc/memory_access/${layer}/w`, [hidden, size]),
      tensor(`dnc/memory_access/${layer}/b`, [size]),
    ]),
    tensor("dnc/output_linear/w", [hidden + heads * words, outputs]),
    tensor("dnc/output_linear/b", [outputs]),
  ];
}
