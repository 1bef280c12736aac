import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { encodeCheckpoint, parseCheckpoint } from "../src/index.js";
import { saveCheckpoint } from "../src/node/index.js";
import { tensor } from "./files.js";

const contents = {
  model: [tensor("a", [2, 3], 1), tensor("b", [])],
  optimizer: [tensor("ms/a", [2, 3], 5)],
  state: { step: 7, loss: 0.25, random: { words: [1, -2] } },
};

it("gives the files that are saved, and that are parsed again", async () => {
  const files = await encodeCheckpoint(contents);
  const { state, model, optimizer } = await parseCheckpoint(files);
  expect({ state, model, optimizer }).toEqual(contents);
  const folder = await mkdtemp(join(tmpdir(), "checkpoints-"));
  try {
    const path = await saveCheckpoint(folder, contents);
    expect((await readdir(path)).sort()).toEqual(Object.keys(files).sort());
    for (const [name, bytes] of Object.entries(files))
      expect(await readFile(join(path, name)), name).toEqual(Buffer.from(bytes));
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("copies the contents before it returns", async () => {
  const { values } = tensor("a", [2, 3], 1);
  const given = { ...contents, model: [{ name: "a", shape: [2, 3], values }] };
  const expected = await encodeCheckpoint(given);
  const encoding = encodeCheckpoint(given);
  values.fill(9);
  expect(await encoding).toEqual(expected);
});

it("says what is wrong with a state", async () => {
  await expect(encodeCheckpoint({ ...contents, state: { step: -1 } })).rejects.toThrow(
    "step: expected an integer from 0",
  );
  await expect(encodeCheckpoint({ ...contents, state: { step: 1, format: "" } })).rejects.toThrow("which is reserved");
  await expect(encodeCheckpoint({ ...contents, state: { step: 1, at: () => {} } })).rejects.toThrow("state.at");
});
