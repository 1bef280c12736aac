/** Imported first by every script that users start: on an older Node it prints one sentence and exits. */
import { readFileSync } from "node:fs";

const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const needed = engines.node.slice(">=".length);
const [major, minor] = process.versions.node.split(".").map(Number);
const [neededMajor, neededMinor] = needed.split(".").map(Number);

if (major < neededMajor || (major === neededMajor && minor < neededMinor)) {
  console.error(`Node ${needed} or newer is needed, this is ${process.versions.node}.`);
  process.exit(1);
}
