/** Opening the folder of a sweep's results. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { planSweep } from "../../src/sweep/plan-runs.js";
import { type OpenResults, openResults } from "../../src/sweep/results-folder.js";
import { readSweep } from "../../src/sweep/sweep-file.js";
import { temporaryFolder } from "../support.js";

async function open(results: string, changes: object = {}): Promise<OpenResults> {
  const sweep = readSweep("s.json", { preset: "copy", settings: { hidden_size: 8 }, seeds: [1, 2], ...changes });
  const opened = await openResults(results, sweep, { runs: planSweep("s.json", sweep), version: "1.2.3" });
  onTestFinished(() => opened.lock.release());
  return opened;
}

const planIn = (results: string) => JSON.parse(readFileSync(join(results, "sweep.json"), "utf8"));

describe("the folder of results", () => {
  it("has the plan and the shared settings, and the same identifier each time", async () => {
    const results = join(temporaryFolder(), "a/b");
    const { id, lock } = await open(results);
    expect(id).toMatch(/^[0-9a-f]{8}$/);
    expect(planIn(results)).toMatchObject({ id, version: "1.2.3", runs: [{ name: "seed=1" }, { name: "seed=2" }] });
    expect(JSON.parse(readFileSync(join(results, "settings.json"), "utf8"))).toEqual({ hidden_size: 8 });
    lock.release();
    expect((await open(results, { attempts: 5, at_once: 2 })).id).toBe(id);
  });

  it("belongs to one of several processes that create it at once", async () => {
    for (let round = 0; round < 10; round++) {
      const results = join(temporaryFolder(), "results");
      const opened = await Promise.allSettled([open(results), open(results), open(results)]);
      const winners = opened.flatMap((each) => (each.status === "fulfilled" ? [each.value.id] : []));
      expect(winners).toEqual([planIn(results).id]);
      for (const each of opened)
        if (each.status === "rejected")
          expect(each.reason).toMatchObject({
            name: "RunFolderError",
            message: expect.stringContaining("another run is writing there"),
          });
    }
  });

  it.each([
    ["[]", "expected the folder of a sweep, got PATH/sweep.json (sweep.json: expected an object, got [])"],
    ["{", "expected the folder of a sweep, got PATH/sweep.json ("],
    ["{}", "expected a new folder or that of this sweep, got PATH, whose sweep.json has other "],
  ])("is not touched if its sweep.json is %s", async (text, message) => {
    const results = temporaryFolder();
    writeFileSync(join(results, "sweep.json"), text);
    await expect(open(results)).rejects.toThrow(`--results: ${message.replace("PATH", results)}`);
    expect(readdirSync(results)).toEqual(["sweep.json"]);
  });

  it("is not touched if it has runs of something else", async () => {
    const results = temporaryFolder();
    mkdirSync(join(results, "runs"));
    await expect(open(results)).rejects.toThrow("which has runs but no sweep.json");
    expect(readdirSync(results)).toEqual(["runs"]);
  });

  it("must have an identifier, by which the cluster knows its jobs", async () => {
    const results = join(temporaryFolder(), "results");
    (await open(results)).lock.release();
    writeFileSync(join(results, "sweep.json"), JSON.stringify({ ...planIn(results), id: "../x" }));
    await expect(open(results)).rejects.toThrow("whose sweep.json has no id");
  });

  it("must be one that can be written", async () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    for (const results of [file, join(file, "results")])
      await expect(open(results)).rejects.toThrow(
        /^--results: expected (a folder that can be written|the folder of a sweep), got /,
      );
  });
});
