import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBlocks, readLinks, readRows } from "./page.mjs";

const RUNS = { seed: 1, numRuns: 100 };
const text = (...lines) => lines.join("\n");

describe("readBlocks", () => {
  it("finds every block with its language, info, code and line", () => {
    const page = text("# A page", "", "```js run twice", "let a = 1;", "", "  a++;", "```", "", "~~~", "x", "~~~", "");
    expect(readBlocks(page)).toEqual([
      { language: "js", info: "js run twice", code: "let a = 1;\n\n  a++;\n", file: undefined, line: 3 },
      { language: "", info: "", code: "x\n", file: undefined, line: 9 },
    ]);
  });

  it("treats a name in backticks with a colon, at the end of the text just before, as the block's file", () => {
    const fenced = ["```js", "1;", "```"];
    const fileOf = (...before) => readBlocks(text(...before, ...fenced)).at(-1).file;
    expect(fileOf("`train.mjs`:")).toBe("train.mjs");
    expect(fileOf("Save this as", "`src/train-all.mjs`:", "")).toBe("src/train-all.mjs");
    expect(fileOf("First `a.json`, then `b.json`:", "")).toBe("b.json");
    expect(fileOf("`train.mjs`")).toBe(undefined);
    expect(fileOf("`train.mjs`: a program.")).toBe(undefined);
    expect(fileOf("`train.mjs`:", "", "More prose.")).toBe(undefined);
    expect(fileOf("`train`:")).toBe(undefined);
    expect(fileOf("`a.js`:", ...fenced)).toBe(undefined);
    expect(fileOf("```sh", "`a.js`:", "```", "")).toBe(undefined);
  });

  it("closes a block only with a bare fence of the same kind and length", () => {
    const page = text("````md", "```js", "1;", "```", "~~~~", "```` js", "`````");
    expect(readBlocks(page).map(({ code }) => code)).toEqual(["```js\n1;\n```\n~~~~\n```` js\n"]);
  });

  it("removes the opening fence's indentation from its code, and does not treat a line of code in backticks as a fence", () => {
    expect(readBlocks(text("  ```js", "  a;", "    b;", " c;", "  ```"))[0].code).toBe("a;\n  b;\nc;\n");
    expect(readBlocks("```inline``` code")).toEqual([]);
    expect(readBlocks("    ```js")).toEqual([]);
  });

  it("reads pages with any line breaks", () => {
    expect(readBlocks("`a.js`:\r\n\r\n```js\r\n1;\r\n```\r\n")).toEqual([
      { language: "js", info: "js", code: "1;\n", file: "a.js", line: 3 },
    ]);
  });

  it("reports where an unclosed block begins", () => {
    expect(() => readBlocks(text("Prose.", "```js", "1;"))).toThrow(
      new Error("line 2: expected a closing ```, got the end of the page"),
    );
  });

  it("returns any fenced code unchanged", () => {
    const line = fc.string({ maxLength: 12 }).filter((each) => !/[\r\n]|^ {0,3}`{3}/.test(each));
    const block = fc.record({ language: fc.constantFrom("js", "sh", ""), code: fc.array(line) });
    fc.assert(
      fc.property(fc.array(block), (blocks) => {
        const page = blocks.flatMap(({ language, code }) => ["Prose.", "", `\`\`\`${language}`, ...code, "```", ""]);
        const found = readBlocks(text(...page)).map(({ language, code }) => ({ language, code }));
        expect(found).toEqual(
          blocks.map(({ language, code }) => ({ language, code: code.map((c) => `${c}\n`).join("") })),
        );
      }),
      RUNS,
    );
  });
});

describe("readLinks", () => {
  it("finds links with their text, without images and blocks", () => {
    const page = text(
      "See [a page](a.md) and [`step`](../src/x.ts#L3) here.",
      "![a picture](a.svg)",
      "```js",
      "[no](link)",
      "```",
      '| [`a[0]`](<b.md> "Title") |',
    );
    expect(readLinks(page)).toEqual([
      { text: "a page", target: "a.md", line: 1 },
      { text: "`step`", target: "../src/x.ts#L3", line: 1 },
      { text: "`a[0]`", target: "b.md", line: 6 },
    ]);
  });
});

describe("readRows", () => {
  it("finds the rows of every table, without header rows", () => {
    const page = text("| a | b |", "|---|:-:|", "| 1 | `x \\| y` |", "| 3 | |", "", "| c |", "| --- |", "| 5 |");
    expect(readRows(page)).toEqual([
      { cells: ["1", "`x | y`"], line: 3 },
      { cells: ["3", ""], line: 4 },
      { cells: ["5"], line: 8 },
    ]);
  });

  it("ignores rows in blocks", () => {
    expect(readRows(text("```", "| a |", "```"))).toEqual([]);
  });
});
