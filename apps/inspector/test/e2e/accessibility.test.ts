/** Every view against the rules of axe, light and dark, wide and narrow; and nothing wider than the screen. */
import axe from "axe-core";
import { describe, expect, it } from "vitest";
import { hasBrowser, needsBrowser, untilOpen, usePage } from "./page.js";

const VIEWS = ["watch", "ask", "learn"];
const SCREENS = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
];

describe.skipIf(!hasBrowser)(needsBrowser("accessibility"), () => {
  const open = usePage();

  it.each(
    VIEWS.flatMap((name) =>
      (["light", "dark"] as const).flatMap((scheme) => SCREENS.map((screen) => ({ name, scheme, screen }))),
    ),
  )("has no serious violation, and fits: $name, $scheme, $screen.width pixels", async ({ name, scheme, screen }) => {
    const { page } = await open({ path: `?network=repeat-copy-small#${name}`, viewport: screen, colorScheme: scheme });
    await untilOpen(page);
    await page.evaluate(axe.source);
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
