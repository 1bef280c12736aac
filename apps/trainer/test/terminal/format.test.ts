import { describe, expect, it } from "vitest";
import { labelled, wrapped } from "../../src/terminal/format.js";

describe("wrapped", () => {
  it("fills lines and indents all but the first", () => {
    expect(wrapped("one two three four", 9, 2)).toBe("one two\n  three\n  four");
    expect(wrapped("one two", 7, 2)).toBe("one two");
  });

  it("does not break words that are too long", () => {
    expect(wrapped("a longer-than-that b", 6, 0)).toBe("a\nlonger-than-that\nb");
  });
});

describe("labelled", () => {
  it("makes labels as wide as the widest", () => {
    expect(
      labelled([
        ["a", "one"],
        ["long", "two"],
      ]),
    ).toEqual(["a     one", "long  two"]);
  });
});
