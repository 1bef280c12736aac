/**
 * Parses the commands and examples of a package's README.
 *
 * An indented line that begins with `npm install` is the installation; one within a sentence names what Node needs in
 * addition. A block of JavaScript is an example: one marked `js node` is for Node only, one marked `js browser` for
 * pages only, any other for both. A block that begins with a comment naming a file (`// dawn.mjs: ...`) is that file,
 * imported before the others in Node.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readBlocks } from "../docs/page.mjs";

/** @returns {{ packages: string[], forNode: string[], examples: Example[], files: Record<string, string>, commands: string[] }} */
export function readReadme(folder) {
  const text = readFileSync(join(folder, "README.md"), "utf8");
  const blocks = readBlocks(text).map(({ language, info, code }) => {
    const file = /^\/\/ ([\w-]+\.mjs):/.exec(code)?.[1];
    return { language, where: info.split(/\s+/)[1], code, file };
  });
  const scripts = blocks.filter(({ language }) => language === "js");
  return {
    packages: /^ {4}npm install (.*)$/m.exec(text)[1].split(" "),
    forNode: [...text.matchAll(/`npm install ([^`]+)`/g)].flatMap(([, names]) => names.split(" ")),
    examples: scripts.filter(({ file }) => file === undefined),
    files: Object.fromEntries(scripts.filter(({ file }) => file).map(({ file, code }) => [file, code])),
    commands: blocks.filter(({ language }) => language === "sh").map(({ code }) => code),
  };
}

/**
 * @typedef {object} Example
 * @property {string} code - an ES module.
 * @property {"node" | "browser" | undefined} where - the only platform that it runs on.
 */

/** Replaces imports of an example by `require`, for a `.cjs` file. */
export function withRequire(code) {
  const required = code
    .replace(/^import \* as (\w+) from ("[^"]+");/gm, "const $1 = require($2);")
    .replace(/^import \{([^}]+)\} from ("[^"]+");/gm, (_, names, module) => {
      return `const {${names.replace(/(\w+) as (\w+)/g, "$1: $2")}} = require(${module});`;
    })
    .replace(/^import ("[^"]+");/gm, "require($1);")
    .replace(/\bimport\(("[^"]+")\)/g, "require($1)");
  return `(async () => {\n${required}\n})();\n`;
}
