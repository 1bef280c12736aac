/** What a visitor asks a network, in a real browser. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { hasBrowser, usePage } from "./page.js";

describe.skipIf(!hasBrowser)("asking a network (needs a browser; apt-get install chromium)", () => {
  const openPage = usePage();

  async function openAsk(network: string): Promise<Page> {
    const { page } = await openPage({ path: `?network=${network}#ask` });
    await page.locator(".ask .result", { hasText: /right|wrong/ }).waitFor({ timeout: 60_000 });
    return page;
  }

  /** The sentence of the result, once it is another one than before. */
  async function resultAfter(page: Page, action: () => Promise<void>): Promise<string> {
    const before = await page.locator(".ask .result").textContent();
    await action();
    await page.waitForFunction((old) => document.querySelector(".ask .result")?.textContent !== old, before);
    return result(page);
  }

  const result = async (page: Page) => (await page.locator(".ask .result").textContent()) ?? "";
  /** What is right, as it is drawn. */
  const picture = (page: Page) =>
    page
      .locator(".answer canvas")
      .first()
      .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const bit = (page: Page, vector: number, row: number) =>
    page.getByRole("button", { name: `vector ${vector}, bit ${row}`, exact: true });

  it("repeats a pattern that was drawn", async () => {
    const page = await openAsk("repeat-copy-small");
    await page.getByLabel("Length").fill("3");
    expect(await resultAfter(page, () => page.getByLabel("Repeats").fill("2"))).toBe("All 35 bits are right.");
    for (let vector = 1; vector <= 3; vector++)
      for (let row = 1; row <= 4; row++) {
        const button = bit(page, vector, row);
        const isWanted = row === vector;
        if ((await button.getAttribute("aria-pressed")) !== String(isWanted)) await button.click();
      }
    await page.waitForTimeout(500);
    expect(await result(page)).toBe("All 35 bits are right.");
    await page.getByRole("button", { name: "Watch this" }).click();
    await page.locator(".watch h1", { hasText: "12 time steps" }).waitFor();
    const shown = await outputBits(page);
    const pattern = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 0],
    ];
    expect(shown.map((row) => row.slice(5, 12))).toEqual([
      ...pattern.map((row) => [...row, ...row, 0]),
      [0, 0, 0, 0, 0, 0, 1],
    ]);
  });

  it("answers longer and with a larger memory than it was trained with, marks errors, and says what is outside", async () => {
    const page = await openAsk("copy");
    await resultAfter(page, () => page.getByLabel("Length").fill("22"));
    expect(await result(page)).toBe("All 176 bits are right.");
    await page.getByLabel("Memory slots").fill("100");
    await page.locator(".outside", { hasText: "memory slots 100, trained with 64" }).waitFor();
    expect(await page.locator(".outside").textContent()).toBe(
      "Outside of its training: length 22, trained with 1 to 20; memory slots 100, trained with 64.",
    );
    await page.getByLabel("Memory slots").fill("4");
    await page.locator(".outside", { hasText: "memory slots 4" }).waitFor();
    const [, wrong, counted] = /^(\d+) of (\d+) bits are wrong\.$/.exec(await result(page)) ?? [];
    expect(Number(counted)).toBe(176);
    expect(await page.locator(".ask .heat-map .wrong").count()).toBe(Number(wrong));
    expect(Number(wrong)).toBeGreaterThan(10);
  });

  it("shows what links are for: without them the same network reads wrong words", async () => {
    const page = await openAsk("links");
    await resultAfter(page, () => page.getByLabel("Length").fill("12"));
    expect(await result(page)).toBe("All 72 bits are right.");
    const said = await resultAfter(page, () => page.getByLabel("No links").check());
    expect(said).toMatch(/^With links all 72 bits are right, without \d+ of 72 bits are wrong\.$/);
    await page.getByRole("button", { name: "Watch this" }).click();
    await page.locator(".watch h1", { hasText: "without links" }).waitFor();
    await page.getByRole("tab", { name: "Ask" }).click();
    expect(await page.getByLabel("No links").isChecked()).toBe(true);
    expect(await resultAfter(page, () => page.getByLabel("No links").uncheck())).toBe("All 72 bits are right.");
  });

  it("names every part that was taken away", async () => {
    const page = await openAsk("repeat-copy-small");
    await page.getByLabel("Before step").fill("7");
    const erased = await resultAfter(page, () => page.getByLabel("Erase a slot").check());
    expect(erased).toMatch(/^With the word in slot 0 all 30 bits are right, without /);
    await page.getByLabel("Before step").fill("99");
    await page
      .locator(".ask .result", { hasText: "The step to erase: expected an integer from 0 to 12, got 99" })
      .waitFor();
    await page.getByLabel("Before step").fill("7");
    await page.locator(".ask .result", { hasText: "With the word" }).waitFor();
    const all = await resultAfter(page, () => page.getByLabel("Read head 1 off").check());
    expect(all).toMatch(/^With the read head, the word in slot 0|^With the read head and the word in slot 0/);
  });

  it("takes a path of the graph edge by edge", async () => {
    const page = await openAsk("graph-traversal");
    expect(await result(page)).toBe("All 2 steps are right.");
    await page.locator(".next-edges button").first().click();
    await page.locator(".outside", { hasText: "path of 2, trained with 1" }).waitFor();
    expect(await page.locator(".path li").count()).toBe(2);
    expect(await result(page)).toMatch(/of 3 steps (is|are) wrong|All 3 steps are right/);
    for (let edges = 2; edges > 0; edges--) await page.getByRole("button", { name: "Undo the last edge" }).click();
    await page.locator(".ask .result", { hasText: "Pick an edge from the start." }).waitFor();
    expect(await page.getByRole("button", { name: "Watch this" }).isDisabled()).toBe(true);
  });

  it("draws a larger graph while its size is typed", async () => {
    const page = await openAsk("graph-traversal");
    await page.getByLabel("Nodes").focus();
    await page.keyboard.type("14", { delay: 120 });
    await page.locator(".outside", { hasText: "nodes 14, trained with 3 to 10" }).waitFor();
    expect(await page.getByLabel("Start").locator("option").count()).toBe(14);
    expect(await page.getByLabel("Nodes").inputValue()).toBe("14");
  });

  it.each([
    ["key-value", "asked first"],
    ["two-way-key-value", "asked first"],
    ["associative-recall", "is shown again"],
  ])("takes pairs and items: %s", async (network, choice) => {
    const page = await openAsk(network);
    const before = await result(page);
    expect(before).toMatch(/^All \d+ bits are right\.$/);
    await page.getByLabel(choice).first().check();
    await page.waitForTimeout(500);
    const changes = [
      () => page.getByLabel(choice).last().check(),
      () => page.locator(".bit-items .bit").last().click(),
    ];
    for (const change of changes) {
      const target = await picture(page);
      await change();
      await expect.poll(() => picture(page)).not.toBe(target);
      expect(await result(page)).toBe(before);
    }
  });

  it("refuses the same key twice in a sentence", async () => {
    const page = await openAsk("key-value");
    await resultAfter(page, () => page.getByLabel("Pairs").fill("2"));
    for (let at = 1; at <= 6; at++) {
      const [one, other] = [1, 2].map((pair) => page.getByRole("button", { name: `pair ${pair}, key, bit ${at}` }));
      const [wanted, found] = [await one?.getAttribute("aria-pressed"), await other?.getAttribute("aria-pressed")];
      if (wanted !== found) await other?.click();
    }
    expect(await result(page)).toBe("The key of pair 2 is there twice: change one of its bits.");
  });

  it("can be asked by the keyboard alone", async () => {
    const page = await openAsk("repeat-copy-small");
    await bit(page, 1, 1).focus();
    const wasPressed = await bit(page, 1, 1).getAttribute("aria-pressed");
    await page.keyboard.press("Space");
    expect(await bit(page, 1, 1).getAttribute("aria-pressed")).not.toBe(wasPressed);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    expect(await bit(page, 2, 2).evaluate((button) => button === document.activeElement)).toBe(true);
    await page.keyboard.press("Enter");
    await page.getByLabel("No links").focus();
    expect(await resultAfter(page, () => page.keyboard.press("Space"))).toMatch(/^With links /);
  });

  /** The output over time as the page says it, `[channel][step]`. */
  async function outputBits(page: Page): Promise<number[][]> {
    const map = page.locator('[aria-label^="Output over time"]');
    await map.focus();
    const rows: number[][] = [];
    const spoken = page.locator("#readout");
    await page.keyboard.press("ArrowRight");
    for (let channel = 0; channel < 5; channel++) {
      const row: number[] = [];
      for (let step = 0; step < 12; step++) {
        row.push(Math.round(Number((await spoken.textContent())?.split(": ").at(-1))));
        await page.keyboard.press("ArrowRight");
      }
      rows.push(row);
      await page.keyboard.press("ArrowDown");
      for (let step = 0; step < 12; step++) await page.keyboard.press("ArrowLeft");
    }
    return rows;
  }
});
