import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readSamples } from "../../src/read/samples.js";
import { temporaryFolder } from "../support.js";

it("the samples of a page are the first, the last and some in between, by step", async () => {
  const run = temporaryFolder();
  expect(await readSamples(run)).toEqual([]);
  mkdirSync(join(run, "samples"));
  for (const step of [100, 9, 8, 7, 6, 5, 4]) writeFileSync(join(run, `samples/step-${step}.txt`), `${step}\n`);
  writeFileSync(join(run, "samples/other.txt"), "");
  expect(await readSamples(run)).toEqual([4, 6, 8, 100].map((step) => ({ step, text: String(step) })));
});
