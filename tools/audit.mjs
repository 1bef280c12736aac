/**
 * Asks the registry for security advisories about the dependencies that users install: `npm run audit`.
 *
 * Every finding must be explained: docs/decisions/0009-advisories.md lists its identifier in its package's row. Exit
 * status: 0 if all are explained, or the registry has no advisories, which is reported; 1 otherwise.
 */
import "./node-version.mjs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readRows } from "./docs/page.mjs";
import { contained, pnpmCommand, root } from "./pnpm.mjs";
import { run } from "./process.mjs";
import { setUp } from "./setup.mjs";

const PAGE = join(root, "docs/decisions/0009-advisories.md");
/** HTTP statuses of a registry without advisories. */
const NO_SUCH_THING = [404, 405, 501];

await setUp({ groups: [], build: false });
const { output } = await run(pnpmCommand(["audit", "--prod", "--json"]), { cwd: root, env: contained() });
const { error, advisories } = parsed(output);
if (advisories) judge(Object.values(advisories), explanations());
else if (error && statuses(error).every((status) => NO_SUCH_THING.includes(status)))
  console.log("The registry has no advisories: nothing was checked.");
else {
  console.error(`audit: unexpected response of the registry: ${error?.message ?? output.trim()}`);
  process.exitCode = 1;
}

function judge(findings, explained) {
  const identifiers = ({ github_advisory_id: id, cves = [] }) => [id, ...cves].filter(Boolean);
  const isExplained = (finding) => identifiers(finding).some((id) => explained.get(finding.module_name)?.has(id));
  const open = findings.filter((finding) => !isExplained(finding));
  for (const finding of open)
    console.log(`${finding.module_name}: ${finding.title} (${finding.severity}, ${identifiers(finding).join(", ")})`);
  console.log(`${findings.length} advisories, ${open.length} of them unexplained`);
  if (open.length > 0) process.exitCode = 1;
}

/** Reads the identifiers that the page's table explains, by package. */
function explanations() {
  const rows = readRows(readFileSync(PAGE, "utf8")).map(({ cells }) => cells);
  const identifiers = (text) => new Set(text.match(/\bGHSA(-\w{4}){3}\b|\bCVE-\d+-\d+\b/g));
  return new Map(rows.map(([name, found]) => [name.split(" ")[0], identifiers(found)]));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Finds the HTTP statuses in pnpm's message; empty if there was no response. */
function statuses({ code, message }) {
  if (code !== "ERR_PNPM_AUDIT_BAD_RESPONSE") return [Number.NaN];
  return [...message.matchAll(/responded with (\d+)/g)].map(([, status]) => Number(status));
}
