/**
 * Runs a tool of the workspace in a clone that is set up: `node tools/exec.mjs biome check .`.
 */
import "./node-version.mjs";
import { DEVELOPMENT, GROUPS } from "./dependencies.mjs";
import { contained, pnpmCommand, root } from "./pnpm.mjs";
import { run } from "./process.mjs";
import { setUp } from "./setup.mjs";

/** Groups of dependencies that tools need; default: the development groups. */
const NEEDS = {
  biome: { groups: ["lint"], build: false },
  changeset: { groups: ["release"], build: false },
  knip: { groups: GROUPS },
  typedoc: { groups: [...DEVELOPMENT, "docs"] },
};

try {
  const args = process.argv.slice(2);
  await setUp(NEEDS[args[0]]);
  const command = pnpmCommand(["exec", ...args]);
  const { status } = await run(command, { cwd: root, env: contained(), stdio: "inherit" });
  process.exitCode = status;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
