/**
 * Writes the snapshots of the public API, which stand beside the packages' manifests: `node tools/api.mjs`.
 *
 * A change of one of them shows in review that something changes for those who use the package.
 */
import "./node-version.mjs";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { root } from "./pnpm.mjs";
import { setUp } from "./setup.mjs";

await setUp();
const { apiSnapshots } = await import("./api/snapshots.mjs");
for (const [file, text] of apiSnapshots()) {
  const isSame = existsSync(file) && readFileSync(file, "utf8") === text;
  if (!isSame) writeFileSync(file, text);
  console.log(`${relative(root, file)}: ${isSame ? "as it was" : "written"}`);
}
