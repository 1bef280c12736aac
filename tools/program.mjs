/** The words that start the trainer from a clone, for texts that name a command. */
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
  if (!environment.npm_lifecycle_event) {
    const script = join(root, "tools/dnc.mjs");
    const fromHere = relative(folder, script);
    return `node ${quoted(fromHere.length < script.length ? fromHere : script)}`;
  }
  const fromRoot = relative(root, environment.INIT_CWD ?? root);
  const isOutside = fromRoot.split(/[\\/]/)[0] === ".." || isAbsolute(fromRoot);
  return `npm ${isOutside ? `--prefix=${quoted(root.replace(/[\\/]$/, ""))} ` : ""}run dnc --`;
}

/** Quotes a word for a POSIX shell, if necessary. */
function quoted(word) {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
