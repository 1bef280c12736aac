/**
 * Checks the packages as they would be published: contents, publint and "Are the types wrong?" of each tarball, knip on the workspace.
 *
 * Exits with status 1 if one of them finds a problem.
 */
import "./node-version.mjs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GROUPS } from "./dependencies.mjs";
import { contained, pnpmCommand, root } from "./pnpm.mjs";
import { run } from "./process.mjs";
import { checkTarball } from "./release/check-tarball.mjs";
import { packPackages } from "./repository/packed.mjs";
import { published } from "./repository/workspace.mjs";
import { setUp } from "./setup.mjs";

await setUp({ groups: GROUPS });
const place = mkdtempSync(join(tmpdir(), "dnc-check-"));
try {
  for (const [name, tarball] of Object.entries(packPackages(published, place)))
    report(name, await checkTarball(tarball, place));
  const { status, output } = await run(pnpmCommand(["exec", "knip", "--no-progress"]), { cwd: root, env: contained() });
  report("knip", status === 0 ? [] : [output]);
} finally {
  rmSync(place, { recursive: true, force: true });
}

function report(name, problems) {
  console.log(`${name}: ${problems.length === 0 ? "ok" : "FAIL"}`);
  if (problems.length === 0) return;
  console.log(problems.join("\n"));
  process.exitCode = 1;
}
