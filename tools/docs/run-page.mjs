/** Does what a page says, from top to bottom, as a reader in a folder of their own would. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Whether a block installs packages: whoever runs the page has done that, with the packages that are tested. */
export function installs(block) {
  return block.language === "sh" && /^npm (install|i) /m.test(block.code);
}

/** The packages that a page tells its reader to install, sorted. */
export function packagesOf(blocks) {
  const commands = blocks.filter(installs).flatMap(({ code }) => [...code.matchAll(/^npm (?:install|i) (.*)$/gm)]);
  return commands.flatMap(([, names]) => names.trim().split(/\s+/)).sort();
}

/**
 * Writes each block that is a file, and runs each block of language `sh` that installs nothing, in the order of the page.
 *
 * @param blocks - of `readBlocks`.
 * @param folder - where files are written and commands run; packages that the page needs are there.
 * @param timeout - milliseconds that a block may take.
 * @returns of each block that ran, `{ block, output, seconds }`: what it printed to standard output and how long it took.
 * @throws Error with what was printed, if a command fails or takes longer; RangeError if a file is not within `folder`.
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
