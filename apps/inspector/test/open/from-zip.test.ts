import { strToU8, zipSync } from "fflate";
import { expect, it } from "vitest";
import { sourceFromFiles } from "../../src/page/open/from-files.js";
import { filesOfZip } from "../../src/page/open/from-zip.js";

const run = {
  "mine/config.json": strToU8("{}"),
  "mine/metrics.jsonl": strToU8("{}\n"),
  "mine/checkpoints/latest": strToU8("step-00000002\n"),
  "mine/checkpoints/step-00000001/model.safetensors": strToU8("one"),
  "mine/checkpoints/step-00000001/state.json": strToU8("1"),
  "mine/checkpoints/step-00000002/model.safetensors": strToU8("two"),
  "mine/checkpoints/step-00000002/optimizer.safetensors": strToU8("two"),
  "mine/checkpoints/step-00000002/state.json": strToU8("2"),
};
const open = (bytes: Uint8Array, path = "mine.zip") => sourceFromFiles([{ path, bytes: async () => bytes }]);

it("opens the newest checkpoint of a run in a zip file", async () => {
  const source = await open(zipSync(run));
  if (source.kind !== "network") throw new Error("no network");
  const texts = Object.entries(source.files).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]);
  expect(Object.fromEntries(texts)).toEqual({ "model.safetensors": "two", "state.json": "2", "config.json": "{}" });
});

it("unpacks nothing else", () => {
  const paths = filesOfZip("a.zip", zipSync(run)).map(({ path }) => path);
  expect(paths.filter((path) => /metrics|optimizer/.test(path))).toEqual([]);
  expect(paths).toHaveLength(6);
});

it.each([
  ["mine.zip: expected a zip file, got something else", new Uint8Array(100)],
  ["mine.zip: expected a zip file, got something else", zipSync(run).slice(0, 400)],
  ["mine.zip: expected a zip file, got something else", new Uint8Array()],
  ["mine.zip: expected a run or a checkpoint in the zip file, got none", zipSync({ "a.txt": strToU8("a") })],
  ["mine.zip: expected a run or a checkpoint in the zip file, got none", zipSync({})],
])("says what is wrong: %s", async (message, bytes) => {
  await expect(open(bytes)).rejects.toThrow(message);
});

it("does not unpack what says that it is too large", async () => {
  const zipped = zipSync({ "model.safetensors": new Uint8Array(1000) });
  // The size in the central directory, the last record of which ends 22 bytes before the end of the file.
  const view = new DataView(zipped.buffer);
  const entry = zipped.length - 22 - 46 - "model.safetensors".length;
  expect(view.getUint32(entry, true)).toBe(0x02014b50);
  view.setUint32(entry + 24, 2 ** 31, true);
  await expect(open(zipped)).rejects.toThrow("mine.zip: expected at most 268435456 bytes to open, got more");
  // A size that is not true gives no more than it says.
  view.setUint32(entry + 24, 10, true);
  const files = filesOfZip("mine.zip", zipped);
  expect((await files[0]?.bytes())?.length).toBeLessThanOrEqual(10);
});

it("does not list files without end", () => {
  const many = Object.fromEntries(Array.from({ length: 20_001 }, (_, index) => [`${index}`, new Uint8Array()]));
  expect(() => filesOfZip("mine.zip", zipSync(many))).toThrow("expected at most 20000 files");
});
