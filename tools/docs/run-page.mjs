/** Follows a page from top to bottom, as a reader in an empty folder would. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Whether a block installs packages. Such blocks are skipped: the tested packages are already installed. */
export function installs(block) {
  return block.language === "sh" && /^npm (install|i) /m.test(block.code);
}

/** Lists the packages that a page installs, sorted. */
export function packagesOf(blocks) {
  const commands = blocks.filter(installs).flatMap(({ code }) => [...code.matchAll(/^npm (?:install|i) (.*)$/gm)]);
  return commands.flatMap(([, names]) => names.trim().split(/\s+/)).sort();
}

/**
 * Writes each block that is a file, and runs each `sh` block that does not install packages, in the order of the page.
 *
 * @param blocks - result of `readBlocks`.
 * @param folder - folder in which files are written and commands are run; it must have the packages that the page
 *   needs.
 * @param timeout - longest time for a block, in milliseconds.
 * @returns for each block that ran, `{ block, output, seconds }`: its standard output and duration.
 * @throws Error with the output, if a command fails or times out; RangeError if a file is not within `folder`.
 */
export function runPage(blocks, folder, { timeout = 120_000 } = {}) {
  const ran = [];
  for (const block of blocks) {
    if (block.file !== undefined) writeWithin(folder, block.file, block.code);
    else if (block.language === "sh" && !installs(block)) {
      const start = performance.now();
      const options = { cwd: folder, timeout, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
      const output = execFileSync("sh", ["-e", "-c", block.code], options);
      ran.push({ block, output, seconds: (performance.now() - start) / 1000 });
    }
  }
  return ran;
}

function writeWithin(folder, file, text) {
  const path = join(folder, file);
  if (relative(folder, path).startsWith(".."))
    throw new RangeError(`file: expected one within the folder, got ${file}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
