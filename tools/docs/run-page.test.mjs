import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBlocks } from "./page.mjs";
import { packagesOf, runPage } from "./run-page.mjs";

let folder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dnc-page-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const page = (...lines) => readBlocks(lines.join("\n"));

describe("runPage", () => {
  it("writes files and runs commands in the order of the page, without installations and output", () => {
    const blocks = page(
      "```sh",
      "npm install no-such-package",
      "```",
      "`data/a.txt`:",
      "```text",
      "one",
      "```",
      "```sh",
      "cat data/a.txt",
      "```",
      "`data/a.txt`:",
      "```text",
      "two",
      "```",
      "```js",
      "throw 1;",
      "```",
      "```sh",
      "cat data/a.txt",
      "echo three >&2",
      "```",
    );
    const ran = runPage(blocks, folder);
    expect(ran.map(({ output }) => output)).toEqual(["one\n", "two\n"]);
    expect(ran.map(({ block }) => block.line)).toEqual([8, 18]);
    expect(readFileSync(join(folder, "data/a.txt"), "utf8")).toBe("two\n");
  });

  it("stops at the first command that fails, with what it printed", () => {
    const blocks = page("```sh", "echo why >&2; false", "touch after", "```");
    expect(() => runPage(blocks, folder)).toThrow(/why/);
    expect(existsSync(join(folder, "after"))).toBe(false);
  });

  it("stops a command that takes too long", () => {
    expect(() => runPage(page("```sh", "exec sleep 20", "```"), folder, { timeout: 200 })).toThrow(/ETIMEDOUT/);
  });

  it("writes nothing outside its folder", () => {
    expect(() => runPage(page("`../a.txt`:", "```text", "x", "```"), folder)).toThrow(
      new RangeError("file: expected one within the folder, got ../a.txt"),
    );
  });
});

describe("packagesOf", () => {
  it("lists what the page installs, sorted", () => {
    const blocks = page("```sh", "npm init --yes", "npm install b @c/d", "npm i a", "```", "```sh", "npm start", "```");
    expect(packagesOf(blocks)).toEqual(["@c/d", "a", "b"]);
  });
});
