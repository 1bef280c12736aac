/** Writes the diagram and the table of the packages in docs/guide, from the manifests: `node tools/diagram.mjs`. */
import "./node-version.mjs";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./pnpm.mjs";
import { setUp } from "./setup.mjs";

await setUp();
const { packagesPicture } = await import("./diagram/picture.mjs");
const { withTable } = await import("./diagram/table.mjs");
const page = join(root, "docs/guide/packages.md");
writeFileSync(join(root, "docs/guide/packages.svg"), await packagesPicture());
writeFileSync(page, withTable(readFileSync(page, "utf8")));
