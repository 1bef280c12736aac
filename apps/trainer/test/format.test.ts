import { describe, expect, it } from "vitest";
import { duration, percentage, rate, wrapped } from "../src/format.js";

describe("duration", () => {
  it.each([
    [0, "0 s"],
    [59.4, "59 s"],
    [59.6, "1 min 0 s"],
    [185, "3 min 5 s"],
    [3599.6, "1 h 0 min"],
    [8040, "2 h 14 min"],
    [86_399, "1 d 0 h"],
    [273_600, "3 d 4 h"],
  ])("shows %d seconds as %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

describe("percentage", () => {
  it.each([
    [0, "0.0%"],
    [1, "100.0%"],
    [0.1234, "12.3%"],
    [0.99999, "99.9%"],
    [0.00001, "0.1%"],
  ])("shows %d as %s: only all is 100%% and only none is 0%%", (share, text) => {
    expect(percentage(share)).toBe(text);
  });
});

describe("rate", () => {
  it("has three digits or so", () => {
    expect([3.123, 42.42, 366.66].map(rate)).toEqual(["3.12 it/s", "42.4 it/s", "366.7 it/s"]);
  });
});

describe("wrapped", () => {
  it("fills lines and indents all but the first", () => {
    expect(wrapped("one two three four", 9, 2)).toBe("one two\n  three\n  four");
    expect(wrapped("one two", 7, 2)).toBe("one two");
  });

  it("keeps words that are too long whole", () => {
    expect(wrapped("a longer-than-that b", 6, 0)).toBe("a\nlonger-than-that\nb");
  });
});
