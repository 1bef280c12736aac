/** The trained networks of the page, with weights that compress: full precision alone would take 1.3 MB. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Bits of a float32's mantissa that are dropped: ten remain, as in half precision. */
const DROPPED = 13;

/**
 * @param {string} folder - of the page's assets.
 * @returns {import("vite").Plugin} a plugin that rounds the weights of every network, and writes their new hashes.
 */
export function roundedNetworks(folder) {
  return { name: "rounded-networks", apply: "build", closeBundle: () => roundNetworks(folder) };
}

function roundNetworks(folder) {
  const files = readdirSync(folder).map((name) => join(folder, name));
  const models = new Map(
    files
      .filter((file) => file.endsWith(".safetensors"))
      .map((file) => [sha256(readFileSync(file)), { file, bytes: readFileSync(file) }]),
  );
  for (const file of files.filter((name) => name.endsWith(".json"))) {
    const state = JSON.parse(readFileSync(file, "utf8"));
    const model = models.get(state.sha256?.["model.safetensors"]);
    if (model === undefined) continue;
    const rounded = withRoundedWeights(model.bytes);
    writeFileSync(model.file, rounded);
    writeFileSync(file, withHash(state, sha256(rounded)));
  }
}

/** Rounds every weight to the nearest number that has the dropped bits at 0. A tensor file is its header's length, the header, float32s. */
function withRoundedWeights(bytes) {
  const rounded = Buffer.from(bytes);
  const begin = 8 + Number(rounded.readBigUInt64LE(0));
  for (let at = begin; at + 4 <= rounded.length; at += 4) {
    const bits = rounded.readUInt32LE(at) + 2 ** (DROPPED - 1);
    rounded.writeUInt32LE(bits - (bits % 2 ** DROPPED), at);
  }
  return rounded;
}

/** Serializes a state as `@dnc/checkpoint` does: its last hash is that of the same text without this hash. */
function withHash(state, hash) {
  const { "state.json": _, ...others } = state.sha256;
  const hashes = { ...others, "model.safetensors": hash };
  const own = sha256(serialized({ ...state, sha256: hashes }));
  return serialized({ ...state, sha256: { ...hashes, "state.json": own } });
}

function serialized(document) {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function sha256(data) {
  return createHash("sha256").update(data).digest("hex");
}
