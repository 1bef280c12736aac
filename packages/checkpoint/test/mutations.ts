/** Checkpoints that differ from what was saved, by accident or by an attacker who recomputed all hashes. */
import { sha256 } from "../src/state/sha256.js";
import { type Files, rawFile, sealed, text, utf8 } from "./files.js";
import { HEADERS } from "./hostile-headers.js";
import { STATES } from "./hostile-states.js";
import { type Random, shuffled } from "./random.js";

export type Mutation = { readonly kind: string; readonly files: Files };

const NAMES = ["state.json", "model.safetensors", "optimizer.safetensors"] as const;

/** Damages a file: changes a bit, truncates it, or inserts bytes. */
export function damaged(random: Random, bytes: Uint8Array): { kind: string; bytes: Uint8Array } {
  const at = random.below(bytes.length);
  const kind = random.pick(["flip", "truncation", "insertion"]);
  if (kind === "truncation") return { kind, bytes: bytes.slice(0, at) };
  if (kind === "insertion") {
    const gap = Uint8Array.from({ length: 1 + random.below(9) }, () => random.pick([0, 0x20, 0x7b, random.below(256)]));
    return { kind, bytes: Uint8Array.of(...bytes.subarray(0, at), ...gap, ...bytes.subarray(at)) };
  }
  const flipped = bytes.slice();
  flipped[at] = (flipped[at] as number) ^ (1 << random.below(8));
  return { kind, bytes: flipped };
}

/** Damages one file of a checkpoint, without changing the hashes. */
export function damagedFile(random: Random, files: Files): Mutation {
  const name = random.pick(NAMES);
  const { kind, bytes } = damaged(random, files[name]);
  return { kind: `${kind} of ${name}`, files: { ...files, [name]: bytes } };
}

/** Damages the model of a checkpoint and recomputes the hashes. */
export async function rehashedModel(random: Random, files: Files): Promise<Mutation> {
  const { kind, bytes } = damaged(random, files["model.safetensors"]);
  return { kind: `${kind}, hashed again`, files: await sealed(bytes, files["optimizer.safetensors"]) };
}

/** Creates a checkpoint with a malicious model and valid hashes. */
export async function hostileModel(random: Random): Promise<Mutation> {
  const kind = random.pick(Object.keys(HEADERS));
  const bytes = (HEADERS[kind] as (random: Random) => Uint8Array)(random);
  return { kind, files: await sealed(bytes) };
}

/** Creates a checkpoint with a malicious state.json and valid hashes. */
export async function hostileState(random: Random, files: Files): Promise<Mutation> {
  const kind = random.pick(Object.keys(STATES));
  const own = /,\n {4}"state\.json": "[0-9a-f]{64}"/;
  const changed = (STATES[kind] as (json: string, random: Random) => string)(
    text(files["state.json"]).replace(own, ""),
    random,
  );
  const hashed = changed.replace(/"(\n {2}\}\n\}\n)$/, `",\n    "state.json": "${await sha256(utf8(changed))}"$1`);
  return { kind: `state.json: ${kind}`, files: { ...files, "state.json": utf8(hashed) } };
}

/** Reorders the members of the model's header and adds white space between them. */
export async function reordered(random: Random, files: Files): Promise<Mutation> {
  const bytes = files["model.safetensors"];
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const members = Object.entries<Record<string, unknown>>(JSON.parse(text(bytes.subarray(8, 8 + length))));
  const space = random.pick(["", " ", "\n", "\t "]);
  const object = (parts: readonly string[]) => `{${space}${shuffled(random, parts).join(`,${space}`)}${space}}`;
  const json = members.map(([name, value]) => {
    const inner = Object.entries(value).map(([key, part]) => `"${key}":${space}${JSON.stringify(part)}`);
    return `${JSON.stringify(name)}${space}:${object(inner)}`;
  });
  const file = rawFile(object(json), bytes.length - 8 - length);
  file.set(bytes.subarray(8 + length), file.length - (bytes.length - 8 - length));
  return { kind: "reordering", files: await sealed(file, files["optimizer.safetensors"]) };
}
