/** A network of the page on WebGPU, in a real browser, and what is said where there is no GPU. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { hasBrowser, untilOpen, usePage } from "./page.js";

const PATH = "?network=repeat-copy-small#ask";

/** Waits for an answer, and returns it. */
async function answerOf(page: Page): Promise<string | null> {
  const answer = page.locator(".ask").getByText(/bits are (right|wrong)/);
  await answer.first().waitFor({ timeout: 120_000 });
  return answer.first().textContent();
}

describe.skipIf(!hasBrowser)("a network on WebGPU (needs a browser; apt-get install chromium)", () => {
  const open = usePage({}, { gpu: true });

  it("answers as in WebAssembly", async () => {
    const { page } = await open({ path: PATH });
    await untilOpen(page);
    expect(await answerOf(page)).toBe("All 30 bits are right.");
    await page.getByLabel("Engine").selectOption("webgpu");
    await page.locator(".busy:empty").waitFor({ state: "attached" });
    expect(await page.getByLabel("Engine").inputValue()).toBe("webgpu");
    // Another number of bits: it is a new answer.
    await page.getByLabel("Length").fill("3");
    await page.locator(".ask").getByText("All 20 bits are right.").first().waitFor({ timeout: 120_000 });
    await page.getByRole("button", { name: "Watch this" }).click();
    await page.locator(".watch h1", { hasText: "Repeat copy" }).waitFor({ timeout: 120_000 });
  });
});

describe.skipIf(!hasBrowser)("a browser without a GPU (needs a browser; apt-get install chromium)", () => {
  const open = usePage();

  it("says so, and WebAssembly goes on", async () => {
    const { page } = await open({ path: PATH, expectErrors: true });
    await untilOpen(page);
    const before = await answerOf(page);
    await page.getByLabel("Engine").selectOption("webgpu");
    await page.locator(".alert:not([hidden])").waitFor();
    expect(await page.locator(".alert span").textContent()).toContain("WebGPU: expected a device");
    expect(await page.getByLabel("Engine").inputValue()).toBe("wasm");
    await page.getByRole("button", { name: "Draw another one" }).click();
    expect(await answerOf(page)).toContain("bits are right");
    expect(before).toContain("bits are right");
  });
});
