/**
 * Checks the packages as they would be published: publint and attw on each tarball, knip on the workspace.
 *
 * Ends with status 1 if one of them finds fault.
 */
import "./node-version.mjs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contained, pnpmCommand, root } from "./pnpm.mjs";
import { run } from "./process.mjs";
import { packPackage } from "./repository/packed.mjs";
import { published } from "./repository/workspace.mjs";
import { setUp } from "./setup.mjs";

await setUp();
const place = mkdtempSync(join(tmpdir(), "dnc-check-"));
try {
  for (const name of published) {
    const tarball = packPackage(name, place);
    await check(`publint ${name}`, ["exec", "publint", "--strict", tarball]);
    await check(`attw ${name}`, ["exec", "attw", tarball, "--profile", "esm-only", "--no-color"]);
  }
  await check("knip", ["exec", "knip", "--no-progress"]);
} finally {
  rmSync(place, { recursive: true, force: true });
}

async function check(name, args) {
  const { status, output } = await run(pnpmCommand(args), { cwd: root, env: contained() });
  console.log(`${name}: ${status === 0 ? "ok" : "FAIL"}`);
  if (status === 0) return;
  console.log(output);
  process.exitCode = 1;
}
