import { expect, it } from "vitest";
import * as trainer from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(trainer).sort()).toMatchInlineSnapshot(`
    [
      "main",
    ]
  `);
});
