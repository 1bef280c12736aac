import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { saveCheckpoint } from "../src/checkpoint.js";
import { decodeSafetensors, temporaryFolder } from "./support.js";

const MODEL = [{ name: "w", shape: [2], values: Float32Array.of(1, 2) }];
const OPTIMIZER = [{ name: "rms/w", shape: [2], values: Float32Array.of(3, 4) }];

it("a checkpoint is three files, their hashes, and `latest`", async () => {
  const folder = temporaryFolder();
  await saveCheckpoint(folder, { model: MODEL, optimizer: OPTIMIZER }, { step: 5, seed: 1 });
  const path = await saveCheckpoint(folder, { model: MODEL, optimizer: OPTIMIZER }, { step: 10, seed: 1 });
  expect(path).toBe(join(folder, "step-00000010"));
  expect(readdirSync(folder).sort()).toEqual(["latest", "step-00000005", "step-00000010"]);
  expect(readdirSync(path).sort()).toEqual(["model.safetensors", "optimizer.safetensors", "state.json"]);
  expect(readFileSync(join(folder, "latest"), "utf8")).toBe("step-00000010\n");
  const { sha256, ...state } = JSON.parse(readFileSync(join(path, "state.json"), "utf8"));
  expect(state).toEqual({ step: 10, seed: 1 });
  for (const [file, hash] of Object.entries(sha256)) {
    const bytes = readFileSync(join(path, file));
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(hash);
    expect([...decodeSafetensors(bytes).tensors.keys()]).toEqual([file.startsWith("model") ? "w" : "rms/w"]);
  }
});

it("what a killed run left half written is no obstacle", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, ".step-00000005.new"));
  writeFileSync(join(folder, ".step-00000005.new/model.safetensors"), "half");
  writeFileSync(join(folder, "latest.new"), "st");
  await saveCheckpoint(folder, { model: MODEL, optimizer: OPTIMIZER }, { step: 5 });
  expect(readdirSync(folder).sort()).toEqual(["latest", "step-00000005"]);
});
