import { describe, expect, it } from "vitest";
import { rate, wrapped } from "../../src/terminal/format.js";

describe("rate", () => {
  it("has about three digits", () => {
    expect([3.123, 42.42, 366.66].map(rate)).toEqual(["3.12 it/s", "42.4 it/s", "366.7 it/s"]);
  });
});

describe("wrapped", () => {
  it("fills lines and indents all but the first", () => {
    expect(wrapped("one two three four", 9, 2)).toBe("one two\n  three\n  four");
    expect(wrapped("one two", 7, 2)).toBe("one two");
  });

  it("does not break words that are too long", () => {
    expect(wrapped("a longer-than-that b", 6, 0)).toBe("a\nlonger-than-that\nb");
  });
});
