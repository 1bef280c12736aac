import { describe, expect, it } from "vitest";
import { COLORED, PLAIN, styleFor } from "../../src/terminal/style.js";

const terminal = { isTTY: true, getColorDepth: () => 8, write() {} };
const pipe = { write() {} };

describe("colours", () => {
  it.each([
    ["a terminal", terminal, {}, COLORED],
    ["a pipe", pipe, {}, PLAIN],
    ["a terminal that has none", { ...terminal, getColorDepth: () => 1 }, {}, PLAIN],
    ["a terminal with NO_COLOR", terminal, { NO_COLOR: "1" }, PLAIN],
    ["a terminal with an empty NO_COLOR", terminal, { NO_COLOR: "" }, COLORED],
    ["a terminal with TERM=dumb", terminal, { TERM: "dumb" }, PLAIN],
    ["a pipe with FORCE_COLOR", pipe, { FORCE_COLOR: "1" }, COLORED],
    ["a terminal with FORCE_COLOR=0", terminal, { FORCE_COLOR: "0" }, PLAIN],
    ["a pipe with FORCE_COLOR and NO_COLOR", pipe, { FORCE_COLOR: "1", NO_COLOR: "1" }, PLAIN],
  ])("%s", (_name, output, environment, style) => {
    expect(styleFor(output, environment)).toBe(style);
  });

  it("end where they begin, and change nothing of a text without them", () => {
    expect(COLORED.bold("a")).toBe("\x1b[1ma\x1b[22m");
    expect(COLORED.good("")).toBe("");
    for (const name of ["bold", "dim", "good", "bad", "mark"] as const) expect(PLAIN[name]("a")).toBe("a");
  });
});
