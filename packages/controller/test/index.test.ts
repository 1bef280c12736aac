import { expect, it } from "vitest";
import * as controller from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(controller).sort()).toMatchInlineSnapshot(`
    [
      "DeepLstm",
      "FeedForward",
      "Gru",
      "Lstm",
      "createController",
    ]
  `);
});
