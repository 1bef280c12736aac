import { expect, it } from "vitest";
import { ASCII, symbolsFor, UNICODE } from "../../src/terminal/symbols.js";
import { textWidth } from "../../src/terminal/text-width.js";

it.each([
  [{ LANG: "en_US.UTF-8" }, "linux", UNICODE],
  [{ LANG: "en_US.UTF-8", LC_ALL: "C" }, "linux", ASCII],
  [{ LC_CTYPE: "C.utf8" }, "darwin", UNICODE],
  [{}, "linux", ASCII],
  [{ LANG: "C.UTF-8", TERM: "linux" }, "linux", ASCII],
  [{ WT_SESSION: "1" }, "win32", UNICODE],
  [{ LANG: "en_US.UTF-8" }, "win32", ASCII],
])("signs for %j on %s", (environment, platform, symbols) => {
  expect(symbolsFor(environment, platform)).toBe(symbols);
});

it("are one column wide", () => {
  for (const symbols of [ASCII, UNICODE])
    for (const symbol of Object.values(symbols)) expect([symbol.length, textWidth(symbol)]).toEqual([1, 1]);
});
