/** Builds the example page and opens it in a browser; tools/docs/accounts.mjs relies on this. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, wrongBits } from "../../examples/page/ask.js";
import { loadNetwork } from "../../packages/checkpoint/dist/node/network.js";
import { run } from "../process.mjs";
import { hasBrowser, runInPage } from "./browser.mjs";
import { folderOf } from "./example-folders.mjs";

const PATTERN = [
  [1, 0, 0, 1],
  [0, 1, 1, 0],
  [1, 1, 0, 0],
  [0, 0, 0, 1],
];

/** Draws PATTERN in the page, and returns the page's text and picture. */
const SCRIPT = `
  const page = document.createElement("iframe");
  page.src = "/page/index.html";
  document.body.append(page);
  const until = async (isSo) => { while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20)); };
  const find = (selector) => page.contentDocument?.querySelector(selector);
  await until(() => find("#picture svg"));
  const bits = ${JSON.stringify(PATTERN.flat())};
  const cells = () => Array.from(page.contentDocument.querySelectorAll("#pattern button"));
  const drawn = () => cells().map((cell) => (cell.getAttribute("aria-pressed") === "true" ? 1 : 0));
  for (const [index, bit] of bits.entries()) {
    if (drawn()[index] === bit) continue;
    const before = find("#picture svg");
    cells()[index].click();
    await until(() => find("#picture svg") !== before);
  }
  const count = (selector) => page.contentDocument.querySelectorAll("#picture " + selector).length;
  document.title = JSON.stringify({
    drawn: drawn(), result: find("#result").textContent, network: find("#network").textContent,
    frames: count(".frame"), wrong: count(".wrong"), phases: count(".phase"),
    paper: page.contentWindow.getComputedStyle(page.contentDocument.body).backgroundColor,
  });
`;

describe.skipIf(!hasBrowser)("the example page (needs a browser; apt-get install chromium)", () => {
  let place;
  const [checkpoints, bundle] = ["public/checkpoints", "dist"];
  let network;

  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), "dnc-page-"));
    const train = await run([process.execPath, "train.js", "100", join(place, checkpoints)], { cwd: folderOf("page") });
    expect(train.status, train.output).toBe(0);
    const { build } = await import("vite");
    const folders = { publicDir: join(place, "public"), build: { outDir: join(place, bundle), emptyOutDir: true } };
    await build({ root: folderOf("page"), logLevel: "error", ...folders });
    await tf.setBackend("cpu");
    network = await loadNetwork(join(place, "public"));
  });

  afterAll(() => {
    network?.dispose();
    rmSync(place, { recursive: true, force: true });
  });

  it("shows the network's output for a pattern, the same as in Node", async () => {
    const folder = join(place, bundle);
    const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    const files = Object.fromEntries(
      paths.map((path) => [`/page${path.slice(folder.length).replaceAll("\\", "/")}`, readFileSync(path)]),
    );
    const scripts = Object.entries(files).filter(([name]) => name.endsWith(".js"));
    const compressed = scripts.map(([, code]) => gzipSync(code).length).reduce((sum, bytes) => sum + bytes, 0);
    expect(compressed).toBeLessThan(100_000); // the limit in its README
    const page = JSON.parse(await runInPage(SCRIPT, { files }));
    const sequence = await ask(network, PATTERN, 3);
    const wrong = wrongBits(sequence);
    expect(page.drawn).toEqual(PATTERN.flat());
    expect(page.result).toBe(`${wrong} of 65 output bits are wrong.`); // after 100 iterations it has learned little
    expect(page.network).toBe("The network has 12 memory slots of 12 numbers and 1 read head.");
    expect(page).toMatchObject({ frames: 4, phases: 4, paper: "rgb(246, 247, 245)" });
    expect(page.wrong).toBeGreaterThan(0);
  });
});
