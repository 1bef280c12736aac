/** The words that start programs of a clone, for texts that name a command. */
import { isAbsolute, join, relative } from "node:path";
import { root } from "./pnpm.mjs";

/**
 * Returns the words that start the trainer again where the user stands.
 *
 * @param environment - npm sets INIT_CWD to the folder where the user stands, and runs scripts in that of the manifest.
 * @param folder - the working folder.
 * @returns `npm run dnc --`, with `--prefix` if npm was told of the clone from outside; without npm, Node with the path of
 *   the script.
 */
export function cloneProgram(environment = process.env, folder = process.cwd()) {
  if (environment.npm_lifecycle_event) return npmCommand("run dnc --", environment);
  return nodeCommand("tools/dnc.mjs", folder);
}

/**
 * Returns the command that builds the native engine, in the same form.
 *
 * @param environment - as for `cloneProgram`.
 * @param folder - the working folder.
 */
export function buildNativeCommand(environment = process.env, folder = process.cwd()) {
  if (environment.npm_lifecycle_event) return npmCommand("run build:native", environment);
  return relative(folder, root) === "" ? "npm run build:native" : nodeCommand("tools/build-native.mjs", folder);
}

function npmCommand(words, { INIT_CWD = root }) {
  const fromRoot = relative(root, INIT_CWD);
  const isOutside = fromRoot.split(/[\\/]/)[0] === ".." || isAbsolute(fromRoot);
  return `npm ${isOutside ? `--prefix=${quoted(root.replace(/[\\/]$/, ""))} ` : ""}${words}`;
}

function nodeCommand(file, folder) {
  const script = join(root, file);
  const fromHere = relative(folder, script);
  return `node ${quoted(fromHere.length < script.length ? fromHere : script)}`;
}

/** Quotes a word for a POSIX shell, if necessary. */
function quoted(word) {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
