import { expect, it } from "vitest";
import * as core from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "Dnc",
      "LstmNetwork",
      "TRACE_DIMENSIONS",
      "describeNetwork",
      "serializeTrace",
      "unroll",
      "variableShapes",
    ]
  `);
});
