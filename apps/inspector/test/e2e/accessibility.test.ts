/** Every view against the rules of axe, light and dark, wide and narrow; and nothing wider than the screen. */
import axe from "axe-core";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { hasBrowser, untilOpen, usePage } from "./page.js";

const VIEWS = ["watch", "ask", "learn"] as const;
/** What a view shows once it is complete. */
const READY = { watch: ".memory-table canvas", ask: ".answer canvas", learn: ".train button" } as const;
const SCREENS = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
];

describe.skipIf(!hasBrowser)("accessibility (needs a browser; apt-get install chromium)", () => {
  const open = usePage();
  let page: Page;
  beforeAll(async () => {
    ({ page } = await open({ path: "?network=repeat-copy-small" }));
    await untilOpen(page);
    await page.evaluate(axe.source);
  });

  it.each(
    VIEWS.flatMap((name) =>
      (["light", "dark"] as const).flatMap((scheme) => SCREENS.map((screen) => ({ name, scheme, screen }))),
    ),
  )("has no serious violation, and fits: $name, $scheme, $screen.width pixels", async ({ name, scheme, screen }) => {
    await page.setViewportSize(screen);
    await page.emulateMedia({ colorScheme: scheme });
    await page.getByRole("tab", { name }).click();
    await page.locator(READY[name]).first().waitFor();
    const found = await page.evaluate(async () => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
      return violations.map(({ id, impact, nodes }) => ({
        id,
        impact,
        nodes: nodes.map(({ html }) => html.slice(0, 120)),
      }));
    });
    expect(found.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(screen.width);
  });
});
