import { expect, it } from "vitest";
import * as checkpoint from "../src/index.js";
import * as node from "../src/node/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(checkpoint).sort()).toMatchInlineSnapshot(`
    [
      "DamagedCheckpointError",
      "SafetensorsError",
      "UnreadableCheckpointError",
      "assignTensors",
      "decodeSafetensors",
      "encodeSafetensors",
      "parseCheckpoint",
      "readTensors",
      "toFloat32",
    ]
  `);
});

it("exports exactly these names to Node", () => {
  expect(Object.keys(node).sort()).toMatchInlineSnapshot(`
    [
      "findCheckpoint",
      "loadCheckpoint",
      "saveCheckpoint",
      "stepName",
      "writeFileAtomic",
      "writeFileExclusive",
    ]
  `);
});
