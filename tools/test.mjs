/**
 * Runs every test of the workspace: `node tools/test.mjs`. Arguments go to vitest.
 *
 * Completes the set-up first, if necessary. The last line is plain: `N passed, N failed`.
 */
import "./node-version.mjs";
import { contained, pnpmCommand, root } from "./pnpm.mjs";
import { run } from "./process.mjs";
import { setUp } from "./setup.mjs";
import { withVulkan } from "./testing/vulkan.mjs";

try {
  await setUp();
  const reporters = ["--reporter=default", "--reporter=./tools/testing/count-reporter.mjs"];
  const command = pnpmCommand(["exec", "vitest", "run", ...reporters, ...process.argv.slice(2)]);
  const { status } = await run(command, { cwd: root, env: withVulkan(contained()), stdio: "inherit" });
  process.exitCode = status;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
