/** The chart of the whole sequence, in a real browser. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { hasBrowser, untilOpen, usePage } from "./page.js";

/** A trace of 4 steps whose head writes slot 0 and reads it two steps later. */
function trace() {
  const quantity = (dimensions: readonly number[], rows: readonly (readonly number[])[]) => ({
    ...{ shape: [4, 1, ...dimensions], data: rows.flat() },
  });
  const at = (step: number) => Array.from({ length: 4 }, (_, each) => (each === step ? [1, 0] : [0, 0]));
  const quantities = {
    memory: quantity([2, 1], at(0)),
    usage: quantity([2], at(1)),
    writeWeights: quantity([1, 2], at(0)),
    readWeights: quantity([1, 2], at(2)),
    writeGate: quantity([1], [[1], [0], [0], [0]]),
    allocationGate: quantity([1], [[1], [1], [1], [1]]),
    freeGate: quantity([1], [[0], [0], [0], [0]]),
  };
  return JSON.stringify({ format: "dnc-trace", version: 1, quantities });
}

const files = { "/My trace.json": trace() };

describe.skipIf(!hasBrowser)("the chart of the whole sequence (needs a browser; apt-get install chromium)", () => {
  const open = usePage(files);
  let page: Page;
  beforeAll(async () => {
    ({ page } = await open({ path: "?trace=My%20trace.json" }));
    await untilOpen(page);
  });

  it("shows what is written, read and freed, and says so", async () => {
    const chart = page.locator(".summary svg");
    expect(await chart.locator("desc").textContent()).toBe(
      "Time steps 0 to 3 from left to right, 1 slot from top to bottom. Write head: 1 mark in 1 slot. Read head: 1 mark in 1 slot. Freed: 1 time.",
    );
    expect(await chart.locator('[data-part="write"]').count()).toBe(1);
  });

  it("goes to the step that is clicked, and marks it", async () => {
    const plot = page.locator('.summary [data-part="plot"]');
    const box = await plot.boundingBox();
    if (!box) throw new Error("expected a plot");
    await page.mouse.click(box.x + 0.6 * box.width, box.y + box.height / 2);
    expect(await page.locator(".step-name").textContent()).toContain("step 2 of 0 to 3");
    const now = await page.locator(".summary .now").boundingBox();
    expect(((now?.x ?? 0) - box.x) / box.width).toBeCloseTo(0.5, 1);
  });

  it("is saved as SVG with colours of its own, and as PNG", async () => {
    const save = async (name: string) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
      return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
    };
    const svg = await save("Save as SVG");
    expect(svg.name).toBe("my-trace-locations.svg");
    expect(svg.bytes.toString()).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg.bytes.toString()).not.toContain("var(");
    const png = await save("Save as PNG");
    expect(png.name).toBe("my-trace-locations.png");
    expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
    const width = /width="(\d+)"/.exec(svg.bytes.toString())?.[1];
    expect(png.bytes.readUInt32BE(16)).toBe(2 * Number(width));
  });
});
