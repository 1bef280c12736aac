import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { resolveSettings } from "../src/config.js";
import { checkRunFolder, RunFolder, runConfig } from "../src/run-folder.js";
import { UsageError } from "../src/usage-error.js";
import { temporaryFolder } from "./support.js";

describe("runConfig", () => {
  const resolved = { seed: 3, backend: "cpu" };

  it("is a config file that repeats the run", () => {
    const settings = resolveSettings({ memory_size: "8", checkpoint_dir: "here", json: true, threads: "2" });
    const path = join(temporaryFolder(), "config.json");
    writeFileSync(path, JSON.stringify(runConfig(settings, resolved)));
    expect(resolveSettings({}, path)).toEqual({
      ...settings,
      ...resolved,
      checkpoint_dir: undefined,
      threads: undefined,
      json: false,
    });
  });

  it("leaves out what the task does not have", () => {
    expect(Object.keys(runConfig(resolveSettings({ task: "copy" }), resolved))).not.toContain("max_repeats");
  });
});

describe("checkRunFolder", () => {
  it("takes new and empty folders, and others without a run", () => {
    const folder = temporaryFolder();
    expect(() => checkRunFolder(join(folder, "new/newer"))).not.toThrow();
    expect(() => checkRunFolder(folder)).not.toThrow();
    writeFileSync(join(folder, "notes.txt"), "");
    expect(() => checkRunFolder(folder)).not.toThrow();
  });

  it("refuses files and folders with parts of a run", () => {
    const folder = temporaryFolder();
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(() => checkRunFolder(file)).toThrow(`--checkpoint_dir: expected a folder, got the file ${file}`);
    expect(() => checkRunFolder(join(file, "below"))).toThrow(
      `--checkpoint_dir: expected a folder, got ${join(file, "below")} (ENOTDIR`,
    );
    mkdirSync(join(folder, "samples"));
    expect(() => checkRunFolder(folder)).toThrow(
      `--checkpoint_dir: expected a folder without a run in it, got ${folder}, which has samples`,
    );
  });
});

describe("RunFolder", () => {
  it("holds config, metrics, samples and a place for checkpoints", async () => {
    const path = join(temporaryFolder(), "a/b");
    const folder = await RunFolder.create(path, { seed: 1 });
    await folder.addMetrics({ step: 1 });
    await folder.addMetrics({ step: 2 });
    expect(await folder.addSample(123, "\nObservations:\n+1+\n")).toBe("samples/step-00000123.txt");
    expect(readdirSync(path).sort()).toEqual(["checkpoints", "config.json", "metrics.jsonl", "samples"]);
    expect(JSON.parse(readFileSync(join(path, "config.json"), "utf8"))).toEqual({ seed: 1 });
    expect(readFileSync(join(path, "metrics.jsonl"), "utf8")).toBe('{"step":1}\n{"step":2}\n');
    expect(readFileSync(join(path, "samples/step-00000123.txt"), "utf8")).toBe("Observations:\n+1+\n");
  });

  it("is made by one run only", async () => {
    const path = join(temporaryFolder(), "run");
    await RunFolder.create(path, { seed: 1 });
    await expect(RunFolder.create(path, { seed: 2 })).rejects.toThrow(
      `--checkpoint_dir: expected a folder to write to, got ${path} (EEXIST`,
    );
    expect(readFileSync(join(path, "config.json"), "utf8")).toContain('"seed": 1');
  });

  it("leaves nothing behind where it cannot be made", async () => {
    const cwd = temporaryFolder();
    const path = join(cwd, "part/of", "x".repeat(300));
    await expect(RunFolder.create(path, {})).rejects.toThrow(
      `expected a folder to write to, got ${path} (ENAMETOOLONG`,
    );
    await expect(RunFolder.createNew(path, {})).rejects.toThrow(UsageError);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it("gets a number where its name is taken, even at the same moment", async () => {
    const path = join(temporaryFolder(), "runs/run");
    const folders = await Promise.all([1, 2, 3].map((seed) => RunFolder.createNew(path, { seed })));
    expect(folders.map((folder) => folder.path).sort()).toEqual([path, `${path}-2`, `${path}-3`]);
    for (const [index, folder] of folders.entries()) {
      expect(readFileSync(join(folder.path, "config.json"), "utf8")).toContain(`"seed": ${index + 1}`);
    }
  });
});
