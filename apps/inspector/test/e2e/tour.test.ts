/** The tour of a first visit, in a real browser, by keyboard alone. */
import { describe, expect, it } from "vitest";
import { hasBrowser, untilOpen, usePage } from "./page.js";

describe.skipIf(!hasBrowser)("the tour (needs a browser; apt-get install chromium)", () => {
  const open = usePage();

  it("welcomes a first visit with eight stops, and not a second one", async () => {
    const { page } = await open();
    const tour = page.getByRole("region", { name: "Guided tour" });
    await tour.waitFor();
    const places: string[] = [];
    for (let stop = 1; stop <= 8; stop++) {
      places.push((await tour.locator(".tour-place").textContent()) ?? "");
      const numbers = await tour.locator("p").allTextContents();
      expect(numbers.join(" ")).not.toMatch(/undefined|NaN/);
      expect(await page.locator(".panel.lit").count()).toBeGreaterThan(0);
      await tour.getByRole("button", { name: stop < 8 ? "Next" : "Finish" }).focus();
      await page.keyboard.press("Enter");
    }
    expect(places).toEqual(Array.from({ length: 8 }, (_, index) => `Guided tour, ${index + 1} of 8`));
    expect(await tour.isVisible()).toBe(false);
    await page.reload();
    await untilOpen(page);
    expect(await tour.isVisible()).toBe(false);
    await page.getByRole("button", { name: "Tour" }).click();
    await tour.waitFor();
  });

  it("says what is on the screen: the slot that is written and its weight", async () => {
    const { page } = await open({ path: "?network=repeat-copy-small" });
    await untilOpen(page);
    await page.getByRole("button", { name: "Tour" }).click();
    const tour = page.getByRole("region", { name: "Guided tour" });
    await tour.getByRole("button", { name: "Next" }).click();
    const [, slot, weight] = /to slot (\d+), with a weight of ([\d.]+)/.exec((await tour.textContent()) ?? "") ?? [];
    expect(await page.locator(".narration").textContent()).toContain(`writes to slot ${slot}`);
    expect(await page.locator(".events li").first().textContent()).toContain(`weight ${weight}`);
  });

  it("can be taken by keyboard, and gives the focus back", async () => {
    const { page } = await open({ path: "?network=repeat-copy-small" });
    await untilOpen(page);
    await page.getByRole("button", { name: "Tour" }).focus();
    await page.keyboard.press("Enter");
    const tour = page.getByRole("region", { name: "Guided tour" });
    await tour.waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await expect.poll(focused).toBe("What the network does");
    await page.keyboard.press("Tab"); // Back is off at the first stop
    expect(await focused()).toBe("Next");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await tour.isVisible()).toBe(false);
    expect(await focused()).toBe("Tour");
  });

  it.each([390, 1280])("shows what it speaks about, also on a page that became %i pixels wide", async (width) => {
    const { page } = await open({ path: "?network=repeat-copy-small", viewport: { width: 1670 - width, height: 800 } });
    await untilOpen(page);
    await page.getByRole("button", { name: "Tour" }).click();
    const card = page.getByRole("region", { name: "Guided tour" });
    await card.getByRole("button", { name: "Next" }).click();
    await page.setViewportSize({ width, height: 800 });
    const seen = () =>
      page.evaluate(() => {
        const { top } = (document.querySelector(".panel.memory") as Element).getBoundingClientRect();
        return top >= 0 && top < (document.querySelector(".tour") as Element).getBoundingClientRect().top - 100;
      });
    await expect.poll(seen).toBe(true);
  });

  it("ends when something else is opened", async () => {
    const { page } = await open();
    const tour = page.getByRole("region", { name: "Guided tour" });
    await tour.waitFor();
    await page.getByRole("combobox", { name: "Trained network" }).selectOption("copy");
    await page.locator(".watch h1", { hasText: /^Copy/ }).waitFor();
    expect(await tour.isVisible()).toBe(false);
  });
});
