/** The table of docs/guide/packages.md: the dependencies and platforms of each package. */
import { packagesAndNeeds } from "./relations.mjs";

const BEGIN = "<!-- The table is written by `npm run docs:diagram`. -->\n\n";
const END = "\n\n<!-- End of the table. -->";

/**
 * Replaces the table of a page.
 *
 * @param page - the page, with the two comments that enclose the table.
 * @throws Error if a comment is missing.
 */
export function withTable(page) {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error("packages.md: expected two comments around the table, got others");
  return page.slice(0, begin + BEGIN.length) + packagesTable() + page.slice(end);
}

function packagesTable() {
  const rows = packagesAndNeeds().map(({ name, manifest, needs }) => [
    `\`${name}\``,
    listed(needs, ({ kind }) => kind.endsWith("dependency")),
    listed(needs, ({ kind }) => kind.endsWith("peer")),
    platform(manifest),
  ]);
  const head = ["package", "depends on", "peers", "runs in"];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function listed(needs, belongs) {
  const text = ({ kind, target }) => (kind.startsWith("optional") ? `\`${target}\` (optional)` : `\`${target}\``);
  return needs.filter(belongs).map(text).join(", ");
}

/** A command runs in Node, and so does a library with that keyword; others in both, but for an entry point `./node`. */
function platform({ bin, engines, exports, keywords }) {
  const node = `Node ${engines.node}`;
  if (bin || keywords.includes("node")) return node;
  return exports["./node"] ? `${node}, browsers; \`/node\`: Node only` : `${node}, browsers`;
}
