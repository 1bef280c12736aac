import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatDuration,
  formatMeasurement,
  formatNumber,
  formatPercentage,
  formatRate,
} from "../src/format.js";

describe("formatted numbers", () => {
  it.each([
    [0, "0"],
    [9999, "9999"],
    [20000, "20\u202f000"],
    [1234567, "1\u202f234\u202f567"],
    [0.5, "0.5"],
    [12345.5, "12\u202f345.5"],
    [1e-7, "1e-7"],
    [1e21, "1e+21"],
  ])("separate the thousands of %d", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it.each([
    [0, "0.0000"],
    [0.38203, "0.3820"],
    [314.463, "314.5"],
    [20000.4, "20000"],
    [0.0000123, "1.23e-5"],
    [Number.NaN, "NaN"],
  ])("show %d with the measured precision", (value, text) => {
    expect(formatMeasurement(value)).toBe(text);
  });
});

describe("a duration", () => {
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
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe("a percentage", () => {
  it.each([
    [0, "0.0%"],
    [1, "100.0%"],
    [0.1234, "12.3%"],
    [0.99999, "99.9%"],
    [0.00001, "0.1%"],
  ])("shows %d as %s: only 1 is 100%% and only 0 is 0%%", (share, text) => {
    expect(formatPercentage(share)).toBe(text);
  });
});

describe("a number of bytes", () => {
  it.each([
    [0, "0 bytes"],
    [999, "999 bytes"],
    [14_234, "14.2 KB"],
    [3_000_000, "3 MB"],
    [1.23456e12, "1230 GB"],
  ])("%d is %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

it("a rate has three digits or so", () => {
  expect([3.123, 42.42, 366.66].map(formatRate)).toEqual(["3.12 it/s", "42.4 it/s", "366.7 it/s"]);
});
