import { expect, it } from "vitest";
import * as checkpoint from "../src/index.js";
import * as network from "../src/network/index.js";
import * as node from "../src/node/index.js";
import * as nodeNetwork from "../src/node/network.js";

it("exports exactly these names", () => {
  expect(Object.keys(checkpoint).sort()).toMatchInlineSnapshot(`
    [
      "DamagedCheckpointError",
      "SafetensorsError",
      "UnreadableCheckpointError",
      "assignTensors",
      "decodeSafetensors",
      "encodeCheckpoint",
      "encodeSafetensors",
      "parseCheckpoint",
      "readTensors",
      "stepName",
      "toFloat32",
    ]
  `);
});

it("exports exactly these names to Node", () => {
  expect(Object.keys(node).sort()).toMatchInlineSnapshot(`
    [
      "findCheckpoint",
      "kindOf",
      "loadCheckpoint",
      "saveCheckpoint",
      "stepName",
      "systemReason",
      "writeFileAtomic",
      "writeFileExclusive",
    ]
  `);
});

it("exports exactly these names about networks", () => {
  expect(Object.keys(network).sort()).toEqual(["loadNetwork", "networkConfig", "networkSettings"]);
  expect(Object.keys(nodeNetwork)).toEqual(["loadNetwork"]);
});
