/** Changes the state of a checkpoint and updates its hashes. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export async function rewriteState(checkpoint: string, change: object): Promise<void> {
  const file = join(checkpoint, "state.json");
  const { sha256, ...state } = JSON.parse(readFileSync(file, "utf8"));
  const { "state.json": _, ...files } = sha256;
  const text = (hashes: object) => `${JSON.stringify({ ...state, ...change, sha256: hashes }, null, 2)}\n`;
  const own = createHash("sha256").update(text(files)).digest("hex");
  writeFileSync(file, text({ ...files, "state.json": own }));
}
