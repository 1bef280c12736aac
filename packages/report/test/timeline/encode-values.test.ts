import { expect, it } from "vitest";
import { encodeValues } from "../../src/timeline/encode-values.js";

it("numbers keep four decimals of their range, and zeros are counted", () => {
  expect(encodeValues([0, 0, 0, 0.123456, 0, -0.5, 1, 0.00001, 0], [0, 1])).toBe("z3 .1235 0 -.5 1 z2");
  expect(encodeValues([123.456, 0.04], [0, 200])).toBe("123.5 z1".replace("z1", "0"));
  expect(encodeValues([Number.NaN, Number.POSITIVE_INFINITY], [0, 1])).toBe("NaN Infinity");
  expect(encodeValues([1.23456e-7], [-1e-6, 1e-6])).toBe("1.235e-7");
});
