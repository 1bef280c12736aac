import { expect, it } from "vitest";
import * as kernel from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(kernel).sort()).toMatchInlineSnapshot(`
    [
      "COMMANDS",
      "KernelTrainer",
      "MAX_THREADS",
      "PLAN_FIELDS",
      "createUnrollKernels",
      "sizeFields",
    ]
  `);
});
