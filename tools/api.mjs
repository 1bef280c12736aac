/**
 * Writes the snapshots of the public API, next to the packages' manifests: `node tools/api.mjs`.
 *
 * A changed snapshot shows in review that the public API of a package changes.
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
  console.log(`${relative(root, file)}: ${isSame ? "unchanged" : "written"}`);
}
