import { realpathSync } from "node:fs";
import { basename, delimiter, dirname, join, relative } from "node:path";

/** What the words depend on; default: those of this process. */
interface Surroundings {
  /** The script that was started, as Node was given it. */
  readonly script?: string | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly folder?: string;
}

/** What npm sets for the programs that it starts, whose PATH it extends. */
const STARTED_BY_NPM = ["npm_lifecycle_event", "npm_command"];

/**
 * Returns the words that start this program again where the user stands: `dnc` if it is on the PATH, `npx dnc` if it is
 * installed in a project, or else Node with the path of the script.
 */
export function installedProgram({
  script = process.argv[1],
  environment = process.env,
  folder = process.cwd(),
}: Surroundings = {}): string {
  if (script === undefined) return "dnc";
  if (STARTED_BY_NPM.some((name) => environment[name])) return "npx dnc";
  const target = real(script);
  const folders = (environment.PATH ?? "").split(delimiter);
  if (folders.some((each) => each !== "" && real(join(each, "dnc")) === target)) return "dnc";
  if (basename(script) === "dnc" && dirname(script).endsWith(join("node_modules", ".bin"))) return "npx dnc";
  const fromHere = relative(folder, script);
  return `node ${shellWord(fromHere.length < script.length ? fromHere : script)}`;
}

/** Quotes a word for a POSIX shell, if necessary. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Follows links; undefined if there is no such file. */
function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
