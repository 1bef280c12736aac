import { expect, it } from "vitest";
import * as pretrained from "../src/index.js";
import * as node from "../src/node/index.js";

it("exports exactly these names", () => {
  expect([Object.keys(pretrained).sort(), Object.keys(node).sort()]).toMatchInlineSnapshot(`
    [
      [
        "PRETRAINED",
        "fetchPretrained",
        "pretrainedUrls",
      ],
      [
        "pretrainedFolder",
        "readPretrained",
      ],
    ]
  `);
});
