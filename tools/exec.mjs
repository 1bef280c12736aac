/**
 * Runs a tool of the workspace in a clone that is set up: `node tools/exec.mjs biome check .`.
 */
import "./node-version.mjs";
import { contained, pnpmCommand, root } from "./pnpm.mjs";
import { run } from "./process.mjs";
import { setUp } from "./setup.mjs";

try {
  await setUp();
  const command = pnpmCommand(["exec", ...process.argv.slice(2)]);
  const { status } = await run(command, { cwd: root, env: contained(), stdio: "inherit" });
  process.exitCode = status;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
