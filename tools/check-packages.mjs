/**
 * Checks the packages as they would be published: contents, publint and "Are the types wrong?" of each tarball, knip on the workspace.
 *
 * Of the native engine's binaries those that are built: `npm run build:native -- --all` builds every one.
 *
 * Exits with status 1 if one of them finds a problem.
 */
import "./node-version.mjs";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GROUPS } from "./dependencies.mjs";
import { binaryOf } from "./native-engine/compile.mjs";
import { TARGETS } from "./native-engine/targets.mjs";
import { contained, pnpmCommand, root } from "./pnpm.mjs";
import { run } from "./process.mjs";
import { checkTarball } from "./release/check-tarball.mjs";
import { packPackages } from "./repository/packed.mjs";
import { published } from "./repository/workspace.mjs";
import { setUp } from "./setup.mjs";

await setUp({ groups: GROUPS });
const place = mkdtempSync(join(tmpdir(), "dnc-check-"));
try {
  const isBuilt = (target) => existsSync(binaryOf(target));
  const platforms = Object.keys(TARGETS);
  const names = [...published, ...platforms.filter(isBuilt).map((target) => `engine-native-${target}`)];
  for (const [name, tarball] of Object.entries(packPackages(names, place)))
    report(name, await checkTarball(tarball, place));
  for (const target of platforms.filter((each) => !isBuilt(each)))
    console.log(`engine-native-${target}: not built, not checked`);
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
