import { describe, expect, it } from "vitest";
import { fitted, textWidth } from "../../src/terminal/text-width.js";

describe("textWidth", () => {
  it.each([
    ["bit 1", 5],
    ["圧力", 4],
    ["한글", 4],
    ["é", 1],
    ["👩‍🔬", 2],
    ["❤️", 2],
    ["1", 1],
    ["·×━", 3],
    ["", 0],
  ])("of %j is %d", (text, width) => {
    expect(textWidth(text)).toBe(width);
  });
});

describe("fitted", () => {
  it("fills or cuts a text to a width, and never a character", () => {
    expect(fitted("ab", 4)).toBe("ab  ");
    expect(fitted("ab", 4, { fill: false })).toBe("ab");
    expect(fitted("abcdef", 4)).toBe("abcd");
    expect(fitted("abcdef", 4, { cut: "~" })).toBe("abc~");
    expect(fitted("圧力x", 4, { cut: "~" })).toBe("圧~ ");
    expect(fitted("圧", 1)).toBe(" ");
    expect(fitted("a", 0, { cut: "~" })).toBe("");
  });
});
