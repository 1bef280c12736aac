import { describe, expect, it } from "vitest";
import { type Colour, colourAt, PALETTES } from "../../src/images/palette.js";

describe("the sequential palette", () => {
  it("is viridis: its ends and colours between them", () => {
    expect(colourAt("sequential", 0)).toEqual([0x44, 0x01, 0x54]);
    expect(colourAt("sequential", 1)).toEqual([0xfd, 0xe7, 0x25]);
    // Numbers 51 and 204 of 0 to 255.
    expect(colourAt("sequential", 0.2)).toEqual([0x41, 0x44, 0x87]);
    expect(colourAt("sequential", 0.8)).toEqual([0x7a, 0xd1, 0x51]);
    // Number 128, which is not an anchor.
    expectNear(colourAt("sequential", 128 / 255), [0x20, 0x91, 0x8c]);
  });

  it("gets lighter all the way", () => {
    const lights = Array.from({ length: 101 }, (_, index) => luminance(colourAt("sequential", index / 100)));
    expect(lights).toEqual(lights.toSorted((a, b) => a - b));
  });
});

describe("the diverging palette", () => {
  it("is blue, near-white, red", () => {
    expect(colourAt("diverging", 0)).toEqual([0x05, 0x30, 0x61]);
    expect(colourAt("diverging", 0.5)).toEqual([0xf7, 0xf7, 0xf7]);
    expect(colourAt("diverging", 1)).toEqual([0x67, 0x00, 0x1f]);
  });

  it("gets darker from its middle to both sides", () => {
    const side = (sign: number) =>
      Array.from({ length: 51 }, (_, index) => luminance(colourAt("diverging", 0.5 + (sign * index) / 100)));
    for (const lights of [side(1), side(-1)]) expect(lights).toEqual(lights.toSorted((a, b) => b - a));
  });
});

it("half-way between two colours is their mixture", () => {
  const [[red, green, blue], [red2, green2, blue2]] = PALETTES.diverging;
  expect(colourAt("diverging", 0.05)).toEqual([
    Math.round((red + red2) / 2),
    Math.round((green + green2) / 2),
    Math.round((blue + blue2) / 2),
  ]);
});

it.each(["sequential", "diverging"] as const)("%s: values beyond the ends are clamped, NaN is grey", (palette) => {
  expect(colourAt(palette, -1e-9)).toEqual(colourAt(palette, 0));
  expect(colourAt(palette, Number.NEGATIVE_INFINITY)).toEqual(colourAt(palette, 0));
  expect(colourAt(palette, 7)).toEqual(colourAt(palette, 1));
  expect(colourAt(palette, Number.POSITIVE_INFINITY)).toEqual(colourAt(palette, 1));
  expect(colourAt(palette, Number.NaN)).toEqual([128, 128, 128]);
});

function expectNear(colour: Colour, expected: Colour): void {
  for (const [channel, value] of colour.entries()) expect(Math.abs(value - expected[channel])).toBeLessThanOrEqual(1);
}

/** Computes the relative luminance. Source: Web Content Accessibility Guidelines 2.1. */
function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
