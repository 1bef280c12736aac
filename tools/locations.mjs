/**
 * Draws where two published networks write and read for the documentation: `node tools/locations.mjs` writes
 * docs/guide/repeat-copy-locations.svg and docs/guide/graph-traversal-locations.svg.
 *
 * The pictures are those of `dnc report --pretrained=NAME --seed=SEED`.
 */
import "./node-version.mjs";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./pnpm.mjs";
import { run } from "./process.mjs";

/** The pictures: a network, the seed of its sequence, and a heading. */
export const PICTURES = {
  "repeat-copy-locations.svg": {
    ...{ network: "repeat-copy-small", seed: 1 },
    title: "Repeat copy: where the heads write and read",
  },
  "graph-traversal-locations.svg": {
    ...{ network: "graph-traversal", seed: 3 },
    title: "Graph traversal: where the heads write and read",
  },
};

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  for (const [file, picture] of Object.entries(PICTURES))
    writeFileSync(join(root, "docs", "guide", file), await locationPicture(picture));

/** @returns {Promise<string>} the picture as a file: with colours of its own, and a heading that names the task. */
export async function locationPicture({ network, seed, title }) {
  const place = mkdtempSync(join(tmpdir(), "dnc-locations-"));
  try {
    const page = join(place, "report.html");
    const flags = [`--pretrained=${network}`, `--seed=${seed}`, "--sequences=1", "--backend=cpu", `--out=${page}`];
    const { status } = await run([process.execPath, join(root, "tools/dnc.mjs"), "report", ...flags], { cwd: root });
    if (status !== 0) throw new Error(`dnc report failed with status ${status}`);
    return asFile(readFileSync(page, "utf8"), title);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/**
 * Takes the chart of a page of `dnc report` out of it, as the page's button "SVG" does.
 *
 * @param {string} page
 * @param {string} title - heading of the picture.
 */
export function asFile(page, title) {
  const [svg] = /<svg class="location-chart"[\s\S]*?<\/svg>\n?/.exec(page) ?? [];
  if (svg === undefined) throw new Error("expected a chart of locations in the page, got none");
  return svg
    .replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"')
    .replaceAll(/var\(--\w+, (#\w+)\)/g, "$1")
    .replaceAll("Where the heads write and read", title);
}
