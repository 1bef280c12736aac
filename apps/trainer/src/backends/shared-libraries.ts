import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Finds versions of a shared library in the paths of the Linux linker and of LD_LIBRARY_PATH.
 *
 * @param name - prefix of the file's name, such as `libvulkan.so`.
 * @param folders - additional folders to search, which may not exist; default: none.
 */
export function sharedLibraries(name: string, folders: readonly string[] = []): string[] {
  const found = new Set<string>();
  const listed = (process.env.LD_LIBRARY_PATH ?? "").split(":").filter((entry) => entry);
  for (const folder of [...folders, ...listed].filter((entry) => existsSync(entry))) {
    for (const file of readdirSync(folder)) if (file.startsWith(name)) found.add(join(folder, file));
  }
  for (const [, file] of linkerCache().matchAll(/ => (\S+)$/gm)) {
    if (file.slice(file.lastIndexOf("/") + 1).startsWith(name)) found.add(file);
  }
  return [...found];
}

/** Command that prints the linker's cache. It is in /sbin, which may not be in PATH. */
const COMMAND = "ldconfig";

function linkerCache(): string {
  const env = { ...process.env, PATH: `${process.env.PATH}:/sbin` };
  try {
    return execFileSync(COMMAND, ["-p"], { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return ""; // not on this system
  }
}
