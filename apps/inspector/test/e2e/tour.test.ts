/** The tour of a first visit, in a real browser, by keyboard alone. */
import { describe, expect, it } from "vitest";
import { hasBrowser, needsBrowser, untilOpen, usePage } from "./page.js";

describe.skipIf(!hasBrowser)(needsBrowser("the tour"), () => {
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

  it("ends when something else is opened", async () => {
    const { page } = await open();
    const tour = page.getByRole("region", { name: "Guided tour" });
    await tour.waitFor();
    await page.getByRole("combobox", { name: "Trained network" }).selectOption("copy");
    await page.locator(".watch h1", { hasText: /^Copy/ }).waitFor();
    expect(await tour.isVisible()).toBe(false);
  });
});
