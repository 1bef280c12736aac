/**
 * Takes the pictures of the inspector's guide: `node tools/inspector-pictures.mjs` writes docs/guide/inspector/*.png.
 *
 * Serves the built page, opens every view in Chromium, light and dark, wide and narrow, and waits for a training of about half a minute.
 */
import "./node-version.mjs";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./pnpm.mjs";
import { CHROMIUM } from "./repository/browser.mjs";
import { setUp } from "./setup.mjs";

const FOLDER = join(root, "docs/guide/inspector");
const SCREENS = { wide: { width: 1280, height: 1000 }, narrow: { width: 390, height: 844 } };
const SCHEMES = ["light", "dark"];

/** Iterations of the training that is shown. */
const ITERATIONS = 4000;

/** What is done before a picture is taken, by the view's name. */
const SCENES = {
  async watch(page) {
    await openNetwork(page, "repeat-copy-small", "watch");
    await page.getByRole("slider", { name: "Time step" }).fill("9");
    await page
      .locator(".memory .heat-map")
      .last()
      .click({ position: { x: 40, y: 60 } });
    await page.mouse.move(0, 0);
  },
  async ask(page) {
    await openNetwork(page, "repeat-copy-small", "ask");
    await page.getByRole("checkbox", { name: "No links" }).check();
    await page.getByText("Without links").waitFor();
  },
  async learn(page) {
    await openNetwork(page, "repeat-copy-small", "learn");
    await page.getByLabel("Iterations", { exact: true }).fill(String(ITERATIONS));
    await page.getByLabel("Seed").fill("1");
    await page.getByRole("button", { name: "Start training" }).click();
    await page.getByText("All iterations are done").waitFor({ timeout: 600_000 });
  },
  async tour(page) {
    await openNetwork(page, "repeat-copy-small", "watch");
    await page.getByRole("button", { name: "Tour" }).click();
    for (let stop = 0; stop < 3; stop++) await page.getByRole("button", { name: "Next" }).click();
  },
  async graph(page) {
    await openNetwork(page, "graph-traversal", "ask");
    await page.locator("img.drawn").last().waitFor();
  },
};

await setUp();
const [{ chromium }, { serveInspector }] = await Promise.all([
  import("playwright-core"),
  import("../apps/inspector/dist/index.js"),
]);
mkdirSync(FOLDER, { recursive: true });
const server = await serveInspector();
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
try {
  for (const [name, prepare] of Object.entries(SCENES))
    for (const [size, viewport] of Object.entries(SCREENS))
      for (const colorScheme of SCHEMES) {
        const context = await browser.newContext({ viewport, colorScheme });
        const page = await context.newPage();
        await prepare(page);
        if (name !== "tour") await page.evaluate("scrollTo(0, 0)");
        await page.waitForTimeout(500); // transitions end
        await page.screenshot({ path: join(FOLDER, `${name}-${size}-${colorScheme}.png`) });
        await context.close();
      }
} finally {
  await browser.close();
  await server.close();
}

async function openNetwork(page, network, view) {
  const { origin, pathname } = new URL(server.url);
  await page.goto(`${origin}${pathname}?network=${network}#${view}`);
  await page.locator(".opened:not(:empty)").waitFor();
  await page.locator(".busy:empty").waitFor({ state: "attached" });
}
