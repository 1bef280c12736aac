import { expect, it } from "vitest";
import * as kernel from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(kernel).sort()).toMatchInlineSnapshot(`
    [
      "COMMANDS",
      "KernelHosts",
      "KernelTrainer",
      "MAX_THREADS",
      "PLAN_FIELDS",
      "createKernelEngine",
      "isSameShape",
      "setUpTrainer",
      "sizeFields",
    ]
  `);
});
