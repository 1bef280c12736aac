/**
 * Asks the registry for advisories about what users install: `npm run audit`.
 *
 * Every finding has to be explained: its identifier stands in docs/decisions/0009-advisories.md. Exit status: 0 none is
 * left unexplained, or the registry gives no advisories, which is said; 1 otherwise.
 */
import "./node-version.mjs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { contained, pnpmCommand, root } from "./pnpm.mjs";
import { run } from "./process.mjs";
import { setUp } from "./setup.mjs";

await setUp({ build: false });
const explained = readFileSync(join(root, "docs/decisions/0009-advisories.md"), "utf8");
const { output } = await run(pnpmCommand(["audit", "--prod", "--json"]), { cwd: root, env: contained() });
const answer = JSON.parse(output);
if (answer.error?.code === "ERR_PNPM_AUDIT_BAD_RESPONSE")
  console.log("The registry gives no advisories: nothing was checked.");
else if (answer.error) fail(answer.error.message);
else judge(Object.values(answer.advisories));

function judge(advisories) {
  const identifiers = ({ github_advisory_id: id, cves = [] }) => [id, ...cves].filter(Boolean);
  const open = advisories.filter((advisory) => !identifiers(advisory).some((id) => explained.includes(id)));
  for (const advisory of open)
    console.log(
      `${advisory.module_name}: ${advisory.title} (${advisory.severity}, ${identifiers(advisory).join(", ")})`,
    );
  console.log(`${advisories.length} advisories, ${open.length} of them not explained`);
  if (open.length > 0) process.exitCode = 1;
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}
