import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it, vi } from "vitest";
import { fetchPretrained, PRETRAINED, type PretrainedName, pretrainedUrls } from "../src/index.js";
import { pretrainedFolder, readPretrained } from "../src/node/index.js";

afterEach(() => vi.unstubAllGlobals());

const names = PRETRAINED.map(({ name }) => name);
const first = names[0] as PretrainedName;
const unknown = "copies" as PretrainedName;

it.each(names)("a page fetches the files that a program reads: %s", async (name) => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    return new Response(await readFile(fileURLToPath(url)));
  });
  const fetched = await fetchPretrained(name);
  const read = await readPretrained(name);
  expect(Object.keys(fetched).sort()).toEqual(["model.safetensors", "state.json"]);
  for (const [file, bytes] of Object.entries(fetched))
    expect(Buffer.from(bytes).equals(read[file] as Uint8Array)).toBe(true);
  expect(asked.sort()).toEqual(Object.values(pretrainedUrls(name)).sort());
});

it("a file that is not on the server is an error with its URL", async () => {
  vi.stubGlobal("fetch", async () => new Response("not found", { status: 404 }));
  const [url] = Object.values(pretrainedUrls(first));
  await expect(fetchPretrained(first)).rejects.toThrow(`${url}: expected a file, got status 404`);
});

it.each([
  ["copies", '"copies"'],
  ["toString", '"toString"'],
  [undefined, "undefined"],
  [3, "number"],
])("%s is no network", async (name, shown) => {
  const error = new RangeError(`name: expected one of ${names.join(", ")}, got ${shown}`);
  expect(() => pretrainedUrls(name as PretrainedName)).toThrow(error);
  expect(() => pretrainedFolder(name as PretrainedName)).toThrow(error);
  await expect(readPretrained(name as PretrainedName)).rejects.toThrow(error);
  await expect(fetchPretrained(unknown)).rejects.toThrow(RangeError);
});
