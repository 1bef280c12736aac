import fc from "fast-check";
import { decode } from "fast-png";
import { expect, it } from "vitest";
import { base64 } from "../../src/images/base64.js";
import { encodePng, pngDataUrl } from "../../src/images/png.js";

const image = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };

it("a PNG has the pixels of the image, in a URL too", () => {
  expect(Array.from(decode(encodePng(image)).data)).toEqual([1, 2, 3, 4, 5, 6]);
  const [, data] = /^data:image\/png;base64,([A-Za-z0-9+/]+=*)$/.exec(pngDataUrl(image)) ?? [];
  expect(Array.from(decode(Buffer.from(data, "base64")).data)).toEqual([1, 2, 3, 4, 5, 6]);
});

it("an image without three bytes per pixel is refused", () => {
  expect(() => encodePng({ ...image, width: 3 })).toThrow(
    new RangeError("image.data: expected 3 * 3 * 1 bytes, got 6"),
  );
  expect(() => encodePng({ ...image, data: undefined as never })).toThrow(RangeError);
});

it("base64 equals that of Node", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(base64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
    }),
    { seed: 1 },
  );
});
