import { expect, it } from "vitest";
import * as coreLayers from "../../src/layers/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(coreLayers).sort()).toMatchInlineSnapshot(`
    [
      "DncCell",
    ]
  `);
});
