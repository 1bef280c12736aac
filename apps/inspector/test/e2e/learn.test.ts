/** Training in the page, in a real browser. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import axe from "axe-core";
import { unzipSync } from "fflate";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { dnc, inFolder, textOf, writeFiles } from "../training/support.js";
import { hasBrowser, usePage } from "./page.js";

const ITERATION = /^Iteration ([\d,]+)/;

/** The iteration that the page says. */
async function iteration(page: Page): Promise<number> {
  const text = await page.locator(".learn-readings").textContent();
  return Number(ITERATION.exec(text ?? "")?.[1]?.replaceAll(",", "") ?? 0);
}

/** The reports in the page's table, the first one first. */
async function reports(page: Page): Promise<readonly { readonly step: number; readonly loss: number }[]> {
  const rows = await page
    .locator(".learn-table tbody tr")
    .evaluateAll((elements) => elements.map((row) => Array.from(row.children, (cell) => cell.textContent ?? "")));
  return rows.map(([step, loss]) => ({ step: Number(step), loss: Number(loss) })).reverse();
}

/** Begins a training. */
async function train(
  page: Page,
  fields: { readonly iterations: number; readonly seed: number; readonly settings: object },
) {
  await page.getByLabel("Iterations").fill(String(fields.iterations));
  await page.getByLabel("Seed").fill(String(fields.seed));
  await page.getByText("More settings").click();
  await page.getByLabel("Settings of dnc train as JSON").fill(JSON.stringify(fields.settings));
  await page.getByRole("button", { name: "Start training" }).click();
  await page.getByRole("button", { name: "Pause" }).waitFor();
}

const small = { hidden_size: 24, memory_size: 8, word_size: 8, report_interval: 50, checkpoint_interval: -1 };

describe.skipIf(!hasBrowser)("training in the page (needs a browser; apt-get install chromium)", () => {
  const open = usePage();

  it("learns, and what it saves is the run of dnc train, which continues it", () =>
    inFolder(async (folder) => {
      const { page } = await open({ path: "#learn" });
      await train(page, { iterations: 200, seed: 3, settings: small });
      await page.getByText("All iterations are done.").waitFor({ timeout: 120_000 });
      const found = await reports(page);
      expect(found.map(({ step }) => step)).toEqual([50, 100, 150, 200]);
      expect((found.at(-1) as { loss: number }).loss).toBeLessThan(0.95 * (found[0] as { loss: number }).loss);
      expect(await page.locator(".learn-sample").textContent()).toContain("Model Output:");
      expect(
        await page.getByRole("img", { name: /^Loss: from [\d.]+ at iteration 50 to [\d.]+ at iteration 200$/ }).count(),
      ).toBe(1);

      await page.locator(".learn-table summary").click();
      await page.evaluate(axe.source);
      const violations = await page.evaluate(async () => {
        const found = await (globalThis as unknown as { axe: typeof axe }).axe.run();
        return found.violations
          .filter(({ impact }) => impact === "serious" || impact === "critical")
          .map(({ id }) => id);
      });
      expect(violations).toEqual([]);

      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save as a run" }).click();
      const zip = await download;
      expect(zip.suggestedFilename()).toBe("repeat-copy-small-3.zip");
      const path = join(folder, "saved.zip");
      await zip.saveAs(path);
      await writeFiles(folder, unzipSync(await readFile(path)));
      const run = join(folder, "repeat-copy-small-3");

      const flags = Object.entries(small).map(([name, value]) => `--${name}=${value}`);
      const words = ["--preset=repeat-copy-small", ...flags, "--seed=3", "--threads=1", "--schedule_iterations=200"];
      await dnc(
        "train",
        ...words,
        "--engine=wasm",
        "--num_training_iterations=200",
        `--checkpoint_dir=${folder}/whole`,
      );
      const state = async (of: string) => JSON.parse(await textOf(of, "checkpoints/step-00000200/state.json"));
      const [page200, whole200] = [await state(run), await state(join(folder, "whole"))];
      expect(page200).toMatchObject({ step: 200, backend: "cpu", engine: "wasm", random: whole200.random });
      // Instruction sets differ in the last bits.
      if (page200.instruction_set === whole200.instruction_set)
        expect(page200.sha256["model.safetensors"]).toBe(whole200.sha256["model.safetensors"]);

      await dnc("train", ...words, `--resume=${run}`, "--num_training_iterations=250");
      const lines = (await textOf(run, "metrics.jsonl")).trim().split("\n");
      expect(lines.map((line) => JSON.parse(line).step)).toEqual([50, 100, 150, 200, 250]);

      // The page opens the zip file, too.
      await page.locator('input[type="file"]').first().setInputFiles(path);
      await page.locator(".opened", { hasText: "200 iterations" }).waitFor();
    }));

  it("pauses, resumes and changes its learning rate, and its network can be watched", async () => {
    const { page } = await open({ path: "#learn" });
    await train(page, { iterations: 100_000, seed: 4, settings: { ...small, learning_rate_schedule: "constant" } });
    await expect.poll(() => iteration(page), { timeout: 60_000 }).toBeGreaterThan(20);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText(/Paused after iteration \d+\./).waitFor();
    const paused = await iteration(page);
    await page.waitForTimeout(700);
    expect(await iteration(page)).toBe(paused);

    await page.getByLabel("Learning rate from now on").fill("0.00123");
    await page.getByRole("button", { name: "Change" }).click();
    await page.getByText("learning rate 0.001").waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    await expect.poll(() => iteration(page), { timeout: 60_000 }).toBeGreaterThan(paused + 50);
    expect(await page.locator(".learn-readings").textContent()).toContain("learning rate 0.001");

    await page.getByRole("button", { name: "Watch this network" }).click();
    await page.locator(".watch h1", { hasText: "Repeat copy" }).waitFor();
    await page.locator(".opened", { hasText: /^repeat-copy-small-4, \d+ iterations/ }).waitFor();
    await page.getByRole("tab", { name: "Learn" }).click();
    const watched = await iteration(page);
    await expect.poll(() => iteration(page), { timeout: 60_000 }).toBeGreaterThan(watched);
  });

  it("opens the network at each report, if it is wanted", async () => {
    const { page } = await open({ path: "#learn" });
    await train(page, { iterations: 100_000, seed: 5, settings: small });
    await page.getByLabel("open the network at each report").check();
    const opened = page.locator(".opened", { hasText: /^repeat-copy-small-5, iteration \d+/ });
    await opened.waitFor({ timeout: 60_000 });
    const first = await opened.textContent();
    await expect.poll(() => opened.textContent(), { timeout: 60_000 }).not.toBe(first);
  });

  describe("settings that are wrong", () => {
    let page: Page;
    beforeAll(async () => {
      ({ page } = await open({ path: "#learn" }));
      await page.getByText("More settings").click();
    });
    const start = async (settings: string) => {
      await page.getByLabel("Settings of dnc train as JSON").fill(settings);
      await page.getByRole("button", { name: "Start training" }).press("Enter");
    };

    it.each([
      ['{ "memory_siz": 8 }', 'settings: unknown config key "memory_siz"; did you mean memory_size?'],
      ['{ "memory_size": -8 }', "settings: memory_size: expected"],
      ["memory_size: 8", "settings: expected JSON"],
      ["[8]", "settings: expected an object"],
    ])("are named: %s", async (settings, message) => {
      await start(settings);
      await page.locator(".alert:not([hidden])", { hasText: message }).waitFor();
      expect(await iteration(page)).toBe(0);
    });

    it("do not keep the page from training with others", async () => {
      await start("{}");
      await expect.poll(() => iteration(page), { timeout: 60_000 }).toBeGreaterThan(0);
      expect(await page.locator(".alert").isVisible()).toBe(false);
    });
  });
});
