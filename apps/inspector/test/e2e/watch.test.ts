/** What a visitor sees of a trace, in a real browser. */

import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { hasBrowser, untilOpen, usePage } from "./page.js";

/** A trace of 3 steps with 2 slots of 2 numbers, whose numbers say where they are; of several sequences, each has 10 more than the one before. */
function smallTrace(sequences = 1) {
  const quantity = (dimensions: readonly number[], value: (step: number, index: number) => number) => {
    const size = dimensions.reduce((product, length) => product * length, 1);
    const data = Array.from({ length: 3 * sequences * size }, (_, index) => {
      const place = Math.floor(index / size);
      return 10 * (place % sequences) + value(Math.floor(place / sequences), index % size);
    });
    return { dimensions: [], shape: [3, sequences, ...dimensions], data };
  };
  return {
    format: "dnc-trace",
    version: 1,
    quantities: {
      observations: quantity([2], (step, index) => Number(step === index)),
      target: quantity([2], (step, index) => Number(step === index)),
      mask: quantity([], () => 1),
      output: quantity([2], (step, index) => (step === 2 ? 0.9 : Number(step === index))),
      memory: quantity([2, 2], (step, index) => step + index / 8),
      usage: quantity([2], (step, slot) => (step > slot ? 0.75 : 0)),
      writeWeights: quantity([1, 2], (step, slot) => (step === slot ? 0.875 : 0)),
      readWeights: quantity([1, 2], (step, slot) => (step === slot + 1 ? 0.625 : 0)),
      writeGate: quantity([1], (step) => (step < 2 ? 0.9375 : 0)),
      allocationGate: quantity([1], () => 1),
      freeGate: quantity([1], () => 0.25),
      readMode: quantity([1, 3], (_, mode) => [0.125, 0.5, 0.375][mode] as number),
      link: quantity([1, 2, 2], (step, index) => (step === 2 && index === 2 ? 0.8125 : 0)),
      forwardWeights: quantity([1, 1, 2], () => 0.5),
      backwardWeights: quantity([1, 1, 2], () => 0),
      readContentWeights: quantity([1, 2], () => 0.5),
    },
  };
}

const files = {
  "/traces/small.json": JSON.stringify(smallTrace()),
  "/traces/three.json": JSON.stringify(smallTrace(3)),
  "/traces/text.json": "no JSON",
  "/traces/other.json": "{}",
  "/traces/short.json": JSON.stringify({ ...smallTrace(), quantities: { mask: { shape: [2, 1], data: [1] } } }),
  "/broken/state.json": "{}",
  "/broken/model.safetensors": "no tensors",
};

describe.skipIf(!hasBrowser)("a trace in the page (needs a browser; apt-get install chromium)", () => {
  const open = usePage(files);
  let page: Page;
  beforeAll(async () => {
    ({ page } = await open({ path: "?trace=traces/small.json" }));
    await untilOpen(page);
  });

  it("says the numbers of the step that was scrubbed to", async () => {
    await page.locator(".numbers summary").click();
    const numbers = (name: string) => page.locator(`.numbers tr[data-quantity="${name}"] td`).textContent();
    await page.getByRole("slider", { name: "Time step" }).fill("2");
    expect(await numbers("memory")).toBe("2 2.125 2.25 2.375");
    expect(await numbers("link")).toBe("0 0 0.813 0");
    await page.getByRole("slider", { name: "Time step" }).fill("1");
    expect(await numbers("memory")).toBe("1 1.125 1.25 1.375");
    expect(await numbers("writeWeights")).toBe("0 0.875");
    expect(await page.locator(".narration").textContent()).toBe(
      "The write head writes to slot 1, which is free (weight 0.875). The read head reads slot 0 by following the links (weight 0.625).",
    );
  });

  it("gives the number of a cell, its name and its equation, by pointer and by keyboard", async () => {
    await page.getByRole("slider", { name: "Time step" }).fill("1");
    const memory = page.getByRole("application", { name: /^Memory: 2 rows/ });
    const box = await memory.boundingBox();
    await memory.hover({ position: { x: (box?.width ?? 0) * 0.75, y: (box?.height ?? 0) * 0.75 } });
    expect(await page.locator(".readout").textContent()).toContain("Memory, slot 1, component 1, step 1");
    expect(await page.locator(".readout strong").textContent()).toBe("1.375");
    expect(await page.locator(".readout code").textContent()).toContain("M_t = M_{t-1}");
    await memory.focus();
    await page.keyboard.press("ArrowLeft");
    expect(await page.locator("#readout").textContent()).toBe("Memory, slot 1, component 0, step 1: 1.25");
  });

  it("follows a slot through time", async () => {
    const memory = page.getByRole("application", { name: /^Memory: 2 rows/ });
    await memory.click({ position: { x: 4, y: 4 } });
    expect(await page.locator(".events li").allTextContents()).toEqual([
      "step 0 written by the write head with weight 0.875, found by allocation",
      "step 1 read by the read head with weight 0.625, mode forward",
    ]);
    await page.getByRole("button", { name: "Stop following" }).click();
    expect(await page.locator(".events li").count()).toBe(0);
  });

  it("shows each sequence of a batch, at the same step", async () => {
    const { page } = await open({ path: "?trace=traces/three.json" });
    await untilOpen(page);
    await page.locator(".numbers summary").click();
    await page.getByRole("slider", { name: "Time step" }).fill("1");
    const memory = () => page.locator('.numbers tr[data-quantity="memory"] td').textContent();
    expect(await memory()).toBe("1 1.125 1.25 1.375");
    await page.getByRole("combobox", { name: "Sequence" }).selectOption("3 of 3");
    expect(await page.locator(".step-name").textContent()).toContain("step 1 ");
    await page.locator(".numbers summary").click();
    expect(await memory()).toBe("21 21.125 21.25 21.375");
  });

  it("plays from the first step to the last, and outlines what is wrong", async () => {
    await page
      .locator(".watch h1")
      .focus()
      .catch(() => undefined);
    await page.getByRole("button", { name: "First step" }).click();
    await page.getByRole("combobox", { name: "Steps" }).selectOption({ label: "16 a second" });
    await page.getByRole("button", { name: "Play" }).click();
    await page.locator(".step-name", { hasText: "step 2 of 0 to 2" }).waitFor();
    await page.getByRole("button", { name: "Play" }).waitFor();
    // Outputs of 0.9 where targets are 0 and 0 at the last step.
    expect(await page.locator(".heat-map .wrong").count()).toBe(2);
  });

  it("goes on by keyboard alone", async () => {
    await page.getByRole("button", { name: "First step" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowRight");
    expect(await page.locator(".step-name").textContent()).toContain("step 1 ");
    await page.keyboard.press("End");
    expect(await page.locator(".step-name").textContent()).toContain("step 2 ");
  });
});

describe.skipIf(!hasBrowser)("what cannot be opened (needs a browser; apt-get install chromium)", () => {
  const open = usePage(files);

  it.each([
    ["?trace=traces/text.json", "text.json: expected a trace of dnc trace, got a file that is not JSON"],
    ["?trace=traces/other.json", "other.json: expected a trace of dnc trace, got other JSON"],
    ["?trace=traces/short.json", "short.json: mask: expected 2 numbers, got 1"],
    ["?checkpoint=broken", "state.json"],
    ["?trace=//example.com/trace.json", "?trace=: expected a path beside this page"],
    ["?trace=", "?trace=: expected a path beside this page, got nothing."],
    ["?run=https://example.com/run", "?run=: expected a path beside this page"],
    ["?network=nothing", "?network=: expected one of"],
  ])("is said, and the page can be used: %s", async (path, message) => {
    const { page } = await open({ path });
    await page.locator(".alert:not([hidden])").waitFor();
    expect(await page.locator(".alert span").textContent()).toContain(message);
    await page.getByRole("combobox", { name: "Trained network" }).selectOption("repeat-copy-small");
    await untilOpen(page);
    expect(await page.locator(".watch h1").textContent()).toContain("Repeat copy");
    expect(await page.locator(".alert").isVisible()).toBe(false);
  });

  it("is a network whose task cannot be made here: nothing of the one before is left", async () => {
    const { page } = await open({ path: "?network=repeat-copy-small" });
    await untilOpen(page);
    const folder = new URL("../../../../packages/pretrained/networks/repeat-copy-small/", import.meta.url);
    const settings = JSON.parse(await readFile(new URL("config.json", folder), "utf8"));
    const changed = { ...settings, task: "./mine.mjs" };
    const model = await readFile(new URL("checkpoints/step-00012000/model.safetensors", folder));
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "Open files" }).click(),
    ]);
    const file = (name: string, buffer: Buffer) => ({ name, mimeType: "application/octet-stream", buffer });
    await chooser.setFiles([
      file("model.safetensors", model),
      file("config.json", Buffer.from(JSON.stringify(changed))),
    ]);
    await page.locator(".alert:not([hidden])").waitFor();
    expect(await page.locator(".alert span").textContent()).toContain("The task of this network cannot be made here: ");
    expect(await page.locator(".opened").textContent()).toContain("the network of your files");
    expect(await page.locator(".watch h1").textContent()).toBe("Nothing to watch");
    expect(await page.locator(".panel").count()).toBe(0);
  });

  it("does not get in the way of what is opened after it", async () => {
    const { page } = await open({ path: "?network=copy" });
    const networks = page.getByRole("combobox", { name: "Trained network" });
    for (const name of ["graph-traversal", "links", "repeat-copy-small"]) await networks.selectOption(name);
    await untilOpen(page);
    expect(await page.locator(".opened").textContent()).toContain("repeat-copy-small");
    expect(await page.locator(".watch h1").textContent()).toContain("Repeat copy");
    await page.getByRole("tab", { name: "Ask" }).click();
    await page.locator(".ask .result", { hasText: "right" }).waitFor();
  });

  it("is a file that is not there", async () => {
    const { page } = await open({ path: "?trace=traces/none.json", expectErrors: true });
    await page.locator(".alert:not([hidden])").waitFor();
    expect(await page.locator(".alert span").textContent()).toBe("/traces/none.json is not there (status 404).");
  });
});
