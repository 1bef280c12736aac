import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { markedSample, readSamples, spread } from "../../src/report/samples.js";
import { temporaryFolder } from "../support.js";

describe("samples", () => {
  it("are the first, the last and some between, by step", async () => {
    const run = temporaryFolder();
    expect(await readSamples(run)).toEqual([]);
    mkdirSync(join(run, "samples"));
    for (const step of [100, 9, 8, 7, 6, 5, 4]) writeFileSync(join(run, `samples/step-${step}.txt`), `${step}\n`);
    writeFileSync(join(run, "samples/other.txt"), "");
    expect(await readSamples(run)).toEqual([4, 6, 8, 100].map((step) => ({ step, text: String(step) })));
  });

  it("are evenly spread", () => {
    expect(spread([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([0, 3, 6, 9]);
    expect(spread([1, 2], 4)).toEqual([1, 2]);
  });

  it("show which bits are wrong", () => {
    const text = "Observations:\n+1 -+\n\nTargets:\n+1 -+\n+- 1+\n\nModel Output:\n+1 1+\n+- 1+";
    expect(String(markedSample(text))).toBe(text.replace("+1 1+", "+1 <mark>1</mark>+"));
  });

  it.each(["<b>no sample</b>", "Targets:\n1\nModel Output:\n<i>\n11", ""])("stay the text they are: %s", (text) => {
    expect(String(markedSample(text))).toBe(text.replaceAll("<", "&lt;").replaceAll(">", "&gt;"));
  });
});
