/**
 * Installs the trainer without optional dependencies, and trains there:
 * `node tools/docs/clone/without-optional.mjs FOLDER`.
 *
 * The packages are packed from this clone; the project depends on all of them, so that npm does not look for them
 * elsewhere.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { contained, npmCommand } from "../../pnpm.mjs";
import { run } from "../../process.mjs";
import { outside } from "../../release/project.mjs";
import { packPackages } from "../../repository/packed.mjs";
import { published } from "../../repository/workspace.mjs";

const project = resolve(process.argv[2]);
mkdirSync(project);
const dependencies = Object.fromEntries(
  Object.entries(packPackages(published, project)).map(([name, tarball]) => [`@dnc/${name}`, `file:${tarball}`]),
);
writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, dependencies }));

const dnc = join(project, "node_modules/@dnc/trainer/bin/dnc.js");
for (const command of [
  [...npmCommand(), "install", "--omit=optional"],
  [process.execPath, dnc, "train", "--num_training_iterations=2", "--report_interval=1", "--seed=1"],
]) {
  const env = contained(outside(process.env.npm_config_userconfig));
  const { status } = await run(command, { cwd: project, env, stdio: "inherit" });
  if (status !== 0) process.exit(status);
}
