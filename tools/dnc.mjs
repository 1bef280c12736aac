/**
 * Runs the trainer from a clone: `node tools/dnc.mjs train --seed=3`.
 *
 * Completes the set-up first, if necessary. The trainer runs in this process, so that it receives Ctrl-C.
 */
import "./node-version.mjs";
import { groupsOfTrainer } from "./dependencies.mjs";
import { canBuild } from "./native-engine/can-build.mjs";
import { buildNativeCommand, cloneProgram } from "./program.mjs";
import { setUp } from "./setup.mjs";

try {
  await setUp({ groups: groupsOfTrainer(process.argv.slice(2)) });
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const { main } = await import("../apps/trainer/dist/index.js");
process.exitCode = await main(process.argv.slice(2), {
  program: cloneProgram(),
  buildNative: canBuild() ? buildNativeCommand() : undefined,
});
