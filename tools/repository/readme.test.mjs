import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readReadme, withRequire } from "../release/readme.mjs";

let folder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dnc-readme-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Parses a README with these lines after its installation. */
function promised(...lines) {
  writeFileSync(join(folder, "README.md"), ["# a", "", "    npm install a b", "", ...lines, ""].join("\n"));
  return readReadme(folder);
}

const NOTHING = { packages: ["a", "b"], forNode: [], examples: [], files: {}, commands: [] };

describe("readReadme", () => {
  it("tells what is to be installed, and what Node needs besides", () => {
    expect(promised("In Node also `c` (`npm install c d`).")).toEqual({ ...NOTHING, forNode: ["c", "d"] });
  });

  it("tells examples by where they run, and takes no block of another language for one", () => {
    const blocks = ["```js", "1;", "", "2;", "```", "```js node", "3;", "```", "```js browser", "4;", "```"];
    const { examples } = promised(...blocks, "```ts", "5;", "```", "```", "6;", "```");
    expect(examples.map(({ where, code }) => [where, code])).toEqual([
      [undefined, "1;\n\n2;\n"],
      ["node", "3;\n"],
      ["browser", "4;\n"],
    ]);
  });

  it("takes a block that begins with a file's name for that file", () => {
    const { examples, files } = promised(
      "```js node",
      "// dawn.mjs: a GPU",
      "1;",
      "```",
      "```js",
      "2; // a.mjs: x",
      "```",
    );
    expect(files).toEqual({ "dawn.mjs": "// dawn.mjs: a GPU\n1;\n" });
    expect(examples.map(({ code }) => code)).toEqual(["2; // a.mjs: x\n"]);
  });

  it("takes nothing that a block shows for a block", () => {
    expect(promised("````md", "```js", "1;", "```", "````")).toEqual(NOTHING);
  });

  it("takes blocks of a shell for commands", () => {
    expect(promised("```sh", "a b # c", "d", "```")).toEqual({ ...NOTHING, commands: ["a b # c\nd\n"] });
  });
});

describe("withRequire", () => {
  const lines = (...code) => code.join("\n");
  const inside = (code) =>
    withRequire(code)
      .replace(/^\(async \(\) => \{\n/, "")
      .replace(/\n\}\)\(\);\n$/, "");

  it("requires what was imported, whole, by name, under another name, and for its effect", () => {
    const code = lines(
      'import * as tf from "@tensorflow/tfjs";',
      'import { a, b as c } from "x/y";',
      "import {",
      "  d,",
      '} from "z";',
      'import "w";',
      'const { e } = await import("v");',
    );
    const required = lines(
      'const tf = require("@tensorflow/tfjs");',
      'const { a, b: c } = require("x/y");',
      "const {",
      "  d,",
      '} = require("z");',
      'require("w");',
      'const { e } = await require("v");',
    );
    expect(inside(code)).toBe(required);
  });

  it("leaves everything else as it is, texts that speak of importing too", () => {
    const code = lines("const a = 1; // import all", 'console.log("import { a } from", a);', "for (;;) break;");
    expect(inside(code)).toBe(code);
  });

  it("gives a program in which one may wait", async () => {
    const said = [];
    const program = withRequire('import { one } from "numbers";\nsay(await Promise.resolve(one));');
    await new Function("require", "say", `return ${program}`)(
      (name) => (name === "numbers" ? { one: 1 } : {}),
      (value) => said.push(value),
    );
    expect(said).toEqual([1]);
  });
});
