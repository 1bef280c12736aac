import { expect, it } from "vitest";
import { preformatted } from "../../src/tensorboard/summary.js";

it.each([
  ["one line", "a  b", "    a  b"],
  ["lines and blanks", "a\n\n  b\n", "    a\n    \n      b\n    "],
  ["line ends of other systems", "a\r\nb\rc", "    a\n    b\n    c"],
])("%s are indented by four spaces", (_, plain, expected) => {
  expect(preformatted(plain)).toBe(expected);
});
