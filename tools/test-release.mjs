/**
 * Tests releases from scratch: `npm run test:release`.
 *
 * Publishes a copy of this clone to a registry on 127.0.0.1, installs every package from there into empty projects, and
 * makes more releases. Arguments go to vitest. The last line is plain: `N passed, N failed`.
 */
import "./node-version.mjs";
import { DEVELOPMENT } from "./dependencies.mjs";
import { contained, pnpmCommand, root } from "./pnpm.mjs";
import { run } from "./process.mjs";
import { setUp } from "./setup.mjs";

try {
  await setUp({ groups: [...DEVELOPMENT, "lint", "release"] });
  const reporters = ["--reporter=verbose", "--reporter=./tools/testing/count-reporter.mjs"];
  const args = ["--config=tools/release/vitest.config.ts", ...reporters, ...process.argv.slice(2)];
  const command = pnpmCommand(["exec", "vitest", "run", ...args]);
  const { status } = await run(command, { cwd: root, env: contained(), stdio: "inherit" });
  process.exitCode = status;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
