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
  it("finds the packages to install, and the additional ones for Node", () => {
    expect(promised("In Node also `c` (`npm install c d`).")).toEqual({ ...NOTHING, forNode: ["c", "d"] });
  });

  it("distinguishes examples by platform, and ignores blocks of other languages", () => {
    const blocks = ["```js", "1;", "", "2;", "```", "```js node", "3;", "```", "```js browser", "4;", "```"];
    const { examples } = promised(...blocks, "```ts", "5;", "```", "```", "6;", "```");
    expect(examples.map(({ where, code }) => [where, code])).toEqual([
      [undefined, "1;\n\n2;\n"],
      ["node", "3;\n"],
      ["browser", "4;\n"],
    ]);
  });

  it("treats a block that begins with a file's name as that file", () => {
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

  it("ignores blocks within blocks", () => {
    expect(promised("````md", "```js", "1;", "```", "````")).toEqual(NOTHING);
  });

  it("treats shell blocks as commands", () => {
    expect(promised("```sh", "a b # c", "d", "```")).toEqual({ ...NOTHING, commands: ["a b # c\nd\n"] });
  });
});

describe("withRequire", () => {
  const lines = (...code) => code.join("\n");
  const inside = (code) =>
    withRequire(code)
      .replace(/^\(async \(\) => \{\n/, "")
      .replace(/\n\}\)\(\);\n$/, "");

  it("replaces imports of namespaces, of names, of renamed names, and for side effects", () => {
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

  it("changes nothing else, even text that mentions imports", () => {
    const code = lines("const a = 1; // import all", 'console.log("import { a } from", a);', "for (;;) break;");
    expect(inside(code)).toBe(code);
  });

  it("gives a program that can use await", async () => {
    const said = [];
    const program = withRequire('import { one } from "numbers";\nsay(await Promise.resolve(one));');
    await new Function("require", "say", `return ${program}`)(
      (name) => (name === "numbers" ? { one: 1 } : {}),
      (value) => said.push(value),
    );
    expect(said).toEqual([1]);
  });
});
