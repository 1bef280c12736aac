/**
 * Runs the inspector from a clone: `npm run inspector -- runs/mine`.
 *
 * Completes the set-up and builds the page first, if necessary. It runs in this process, so that it receives Ctrl-C.
 */
import "./node-version.mjs";
import { setUp } from "./setup.mjs";

try {
  await setUp({ groups: ["training"] });
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const { main } = await import("../apps/inspector/dist/command.js");
process.exitCode = await main(process.argv.slice(2));
