/** Runs the example with a published network, in Node and in a browser; tools/docs/accounts.mjs relies on this. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawSequence, readSequence, withQuestion } from "../../examples/pretrained/sequence.js";
import { run } from "../process.mjs";
import { hasBrowser, runInPage } from "./browser.mjs";
import { folderOf } from "./example-folders.mjs";

const FOLDER = folderOf("pretrained");

/** Clicks every item of the first two sequences, and returns the items with the page's answers. */
const SCRIPT = `
  const page = document.createElement("iframe");
  page.src = "/pretrained/index.html";
  document.body.append(page);
  const until = async (isSo) => { while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20)); };
  const all = (selector) => Array.from(page.contentDocument?.querySelectorAll(selector) ?? []);
  const answer = () => all("#answer")[0].textContent;
  const found = [];
  await until(() => all("#items button").length === 6);
  for (const round of [1, 2]) {
    const buttons = all("#items button");
    const answers = [];
    for (const button of buttons.filter(({ disabled }) => !disabled)) {
      const before = answer();
      button.click();
      await until(() => answer() !== before);
      answers.push(answer());
    }
    found.push({ items: buttons.map(({ textContent }) => textContent), answers });
    all("#another")[0].click();
    await until(() => answer() === "Click an item.");
  }
  const fetched = page.contentWindow.performance.getEntriesByType("resource").map(({ name }) => name);
  document.title = JSON.stringify({ found, fetched });
`;

describe("a sequence of the example", () => {
  it("is read as words, of which the one after the question is the answer", () => {
    for (let seed = 1; seed <= 30; seed++) {
      const { items, question, answer } = readSequence(drawSequence(seed));
      expect(items).toHaveLength(6);
      for (const word of items) expect(word).toMatch(/^[A-Za-z0-9+/]{3}$/);
      expect(items[items.indexOf(question) + 1]).toBe(answer);
    }
  });

  it("may be asked for another item, which changes nothing else", () => {
    const batch = drawSequence(1);
    const { items } = readSequence(batch);
    for (const [item, word] of items.entries())
      expect(readSequence(withQuestion(batch, item))).toMatchObject({ items, question: word });
    expect(batch).toEqual(drawSequence(1));
  });
});

describe("the example pretrained", () => {
  it("prints what the network remembers, and how often it is right", async () => {
    for (const seed of ["3", "5"]) {
      const { status, output } = await run([process.execPath, "recall.js", seed], { cwd: FOLDER });
      expect(status, output).toBe(0);
      const [, reads, question, right, given] =
        /^The network reads +(.+)\nWhat came after +(.+)\nRight answer +(.+)\nNetwork's answer +(.+)$/m.exec(output) ??
        [];
      const items = reads?.split(" ") ?? [];
      expect(items[items.indexOf(question) + 1]).toBe(right);
      expect(given).toBe(right);
      const [, count] = /^Right on (\d+) of 1000 new sequences$/m.exec(output) ?? [];
      expect(Number(count)).toBeGreaterThanOrEqual(970);
      expect(Number(count)).toBeLessThanOrEqual(1000);
    }
  });
});

describe.skipIf(!hasBrowser)("the page of the example pretrained (needs a browser; apt-get install chromium)", () => {
  let place;

  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), "dnc-pretrained-"));
    const { build } = await import("vite");
    await build({ root: FOLDER, logLevel: "error", build: { outDir: place, emptyOutDir: true } });
  });

  afterAll(() => rmSync(place, { recursive: true, force: true }));

  it("shows what the network says came after each item, and fetches one network alone", async () => {
    const paths = readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    const files = Object.fromEntries(
      paths.map((path) => [`/pretrained${path.slice(place.length).replaceAll("\\", "/")}`, readFileSync(path)]),
    );
    const { found, fetched } = JSON.parse(await runInPage(SCRIPT, { files }));
    const right = found.flatMap(({ items, answers }) => {
      expect(answers).toHaveLength(5);
      return answers.filter(
        (answer, item) => answer === `After ${items[item]} came ${items[item + 1]}, says the network: right.`,
      );
    });
    expect(found[1].items).not.toEqual(found[0].items);
    expect(right.length).toBeGreaterThanOrEqual(9);
    expect(fetched.filter((url) => url.includes(".safetensors"))).toHaveLength(1);
  });
});
