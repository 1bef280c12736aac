import { expect, it } from "vitest";
import * as access from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(access).sort()).toMatchInlineSnapshot(`
    [
      "MemoryAccess",
      "VARIANT_KEYS",
      "completeVariants",
      "interfaceLayers",
      "readWeighting",
      "writeMemory",
      "writeWeighting",
    ]
  `);
});
