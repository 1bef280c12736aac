/** A run that trains in another process, followed in a real browser. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseMetrics } from "@dnc/report";
import type { Page } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import { serveInspector } from "../../src/server/index.js";
import { useCache } from "../server/support.js";
import { inFolder, PROGRAM, textOf, writeFiles } from "../training/support.js";
import { hasBrowser, usePage } from "./page.js";

const FLAGS = Object.entries({
  ...{ task: "copy", hidden_size: 16, memory_size: 8, word_size: 8, seed: 1, threads: 1, engine: "wasm" },
  ...{ report_interval: 100, checkpoint_interval: 300, num_training_iterations: 1_000_000 },
}).map(([name, value]) => `--${name}=${value}`);

const processes: ChildProcess[] = [];
afterEach(() => {
  for (const each of processes.splice(0)) each.kill("SIGKILL");
});

/** Starts or resumes a training in another process. */
function train(run: string): ChildProcess {
  const started = spawn(process.execPath, [PROGRAM, "train", `--checkpoint_dir=${run}`, ...FLAGS], { stdio: "ignore" });
  processes.push(started);
  return started;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

/** Iterations and losses in the table of the page. */
function shown(page: Page): Promise<readonly (readonly [string, string])[]> {
  return page
    .locator(".learn-table tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) => [row.children[0]?.textContent ?? "", row.children[1]?.textContent ?? ""] as const),
    );
}

const lastShown = async (page: Page) => Number((await shown(page))[0]?.[0] ?? 0);

/** The same in the run's folder, newest first. */
async function recorded(run: string): Promise<readonly (readonly [string, string])[]> {
  const { reports } = parseMetrics(await textOf(run, "metrics.jsonl"));
  const text = (loss: number) => loss.toFixed(3).replace(/\.?0+$/, "");
  return reports
    .map(({ step, loss }) => [String(step), text(loss)] as const)
    .reverse()
    .slice(0, 200);
}

const wait = { timeout: 60_000 };

describe.skipIf(!hasBrowser)("a run that is followed (needs a browser; apt-get install chromium)", () => {
  const open = usePage();

  it("is shown while it trains, and after either side has been restarted", () =>
    inFolder(async (folder) => {
      useCache();
      const run = join(folder, "run");
      let training = train(run);
      await expect.poll(() => textOf(run, "checkpoints/latest").catch(() => ""), wait).toContain("step-");
      let server = await serveInspector({ open: { kind: "run", path: run } });
      const base = server.url.slice(0, server.url.indexOf("?"));
      const query = server.url.slice(base.length);
      // The console has an error for each request that the server did not answer.
      const { page } = await open({ base, path: `${query}#learn`, expectErrors: true });

      await page.getByRole("heading", { name: "The run run" }).waitFor();
      await expect.poll(() => lastShown(page), wait).toBeGreaterThan(0);
      const first = await lastShown(page);
      await expect.poll(() => lastShown(page), wait).toBeGreaterThan(first);
      expect(await page.locator(".learn-sample").textContent()).toContain("Model Output:");
      const opened = page.locator(".opened", { hasText: /\d+ iterations/ });
      await opened.waitFor();
      const before = await opened.textContent();
      await expect.poll(() => opened.textContent(), wait).not.toBe(before);

      await server.close();
      await page.getByText("Not reachable, trying again.").waitFor();
      server = await serveInspector({ open: { kind: "run", path: run } });
      expect(server.url.startsWith(base)).toBe(true);
      const away = await lastShown(page);
      await expect.poll(() => lastShown(page), wait).toBeGreaterThan(away);
      await expect.poll(() => page.getByText("Not reachable, trying again.").count(), wait).toBe(0);

      // A run that was killed resumes at its last checkpoint: what was later is deleted, and written again.
      await kill(training);
      training = train(run);
      const at = await lastShown(page);
      await expect.poll(() => lastShown(page), wait).toBeGreaterThan(at + 300);
      await kill(training);
      await expect.poll(async () => JSON.stringify(await shown(page)), wait).toBe(JSON.stringify(await recorded(run)));
      await server.close();
    }));

  it("is waited for if it has no checkpoint yet", () =>
    inFolder(async (folder) => {
      useCache();
      await writeFiles(folder, { "config.json": new TextEncoder().encode('{"num_training_iterations":600}') });
      const server = await serveInspector({ open: { kind: "run", path: folder } });
      const base = server.url.slice(0, server.url.indexOf("?"));
      // The console has an error for each file that is not there yet.
      const { page } = await open({ base, path: server.url.slice(base.length), expectErrors: true });
      await page.getByText("It has not reported yet. It has no checkpoint yet.").waitFor();
      expect(await page.locator(".alert").isVisible()).toBe(false);
      await page.close();
      await server.close();
    }));

  it("has no new network opened if that is not wanted", () =>
    inFolder(async (folder) => {
      useCache();
      const run = join(folder, "run");
      const training = train(run);
      await expect.poll(() => textOf(run, "checkpoints/latest").catch(() => ""), wait).toContain("step-");
      const server = await serveInspector({ open: { kind: "run", path: run } });
      const base = server.url.slice(0, server.url.indexOf("?"));
      const { page } = await open({ base, path: `${server.url.slice(base.length)}#learn` });
      const opened = page.locator(".opened", { hasText: /\d+ iterations/ });
      await opened.waitFor();
      await page.getByLabel("open each new checkpoint").uncheck();
      // One may be being opened.
      await page.waitForTimeout(500);
      await page.locator(".busy:empty").waitFor({ state: "attached" });
      const before = await opened.textContent();
      const status = page.locator(".follow-status");
      const checkpoint = await status.textContent();
      await expect.poll(() => status.textContent(), wait).not.toBe(checkpoint);
      expect(await opened.textContent()).toBe(before);
      await page.getByRole("button", { name: "Watch the newest checkpoint" }).click();
      await expect.poll(() => opened.textContent(), wait).not.toBe(before);
      await page.close();
      await kill(training);
      await server.close();
    }));
});
