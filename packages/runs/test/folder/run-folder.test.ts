import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inspectRunFolder } from "../../src/folder/inspect-run-folder.js";
import { RunFolder } from "../../src/folder/run-folder.js";
import { RunFolderError } from "../../src/run-folder-error.js";
import { RunWriteError } from "../../src/run-write-error.js";
import { temporaryFolder } from "../support.js";

describe("inspectRunFolder", () => {
  it("accepts new and empty folders, and others without a run", () => {
    const folder = temporaryFolder();
    expect(inspectRunFolder(join(folder, "new/newer"))).toBe("new");
    expect(inspectRunFolder(folder)).toBe("new");
    writeFileSync(join(folder, "notes.txt"), "");
    expect(inspectRunFolder(folder)).toBe("new");
  });

  it("recognizes a run by its config.json", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "config.json"), "{}");
    expect(inspectRunFolder(folder)).toBe("run");
  });

  it("refuses files and folders with other parts of a run", () => {
    const folder = temporaryFolder();
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(() => inspectRunFolder(file)).toThrow(`folder: expected a folder, got the file ${file}`);
    expect(() => inspectRunFolder(join(file, "below"))).toThrow(
      `folder: expected a folder, got ${join(file, "below")} (ENOTDIR`,
    );
    mkdirSync(join(folder, "samples"));
    expect(() => inspectRunFolder(folder)).toThrow(
      `folder: expected a new folder or a run's, got ${folder}, which has samples but no config.json`,
    );
  });
});

describe("a run's folder that cannot be written", () => {
  it.skipIf(process.platform !== "linux")("is reported with the flag that named it (needs Linux)", async () => {
    const [message, got] = ["expected a folder to write to, got /proc/self", "/proc/self"];
    await expect(RunFolder.open(got, "--resume")).rejects.toThrow(`--resume: ${message} (`);
    await expect(RunFolder.open(got)).rejects.toThrow(`folder: ${message} (`);
  });
});

/** How errors name the folders of a copy. */
const LABELS = { from: "--resume", to: "--checkpoint_dir" };

/** A line of metrics.jsonl. */
const report = (step: number) => ({
  ...{ step, loss: 1, exact_match: 0, gradient_norm: 1, iterations: 10 },
  ...{ iterations_per_second: 1, seconds: step },
});

describe("RunFolder", () => {
  it("contains config, metrics, samples and a folder for checkpoints", async () => {
    const path = join(temporaryFolder(), "a/b");
    const folder = await RunFolder.create(path, { seed: 1 });
    await folder.addMetrics({ step: 1 });
    await folder.addMetrics({ step: 2 });
    expect(await folder.addSample(123, "\nObservations:\n+1+\n")).toBe("samples/step-00000123.txt");
    expect(readdirSync(path).sort()).toEqual(["checkpoints", "config.json", "lock", "metrics.jsonl", "samples"]);
    folder.close();
    expect(readdirSync(path)).not.toContain("lock");
    expect(JSON.parse(readFileSync(join(path, "config.json"), "utf8"))).toEqual({ seed: 1 });
    expect(readFileSync(join(path, "metrics.jsonl"), "utf8")).toBe('{"step":1}\n{"step":2}\n');
    expect(readFileSync(join(path, "samples/step-00000123.txt"), "utf8")).toBe("Observations:\n+1+\n");
  });

  it("is created by one run only", async () => {
    const path = join(temporaryFolder(), "run");
    const folder = await RunFolder.create(path, { seed: 1 });
    await expect(RunFolder.create(path, { seed: 2 })).rejects.toThrow(`${path}: another run is writing there`);
    folder.close();
    await expect(RunFolder.create(path, { seed: 2 })).rejects.toThrow(
      `folder: expected a folder to write to, got ${path} (another run is there by now)`,
    );
    expect(readFileSync(join(path, "config.json"), "utf8")).toContain('"seed": 1');
  });

  it("leaves nothing behind if it cannot be created", async () => {
    const cwd = temporaryFolder();
    const path = join(cwd, "part/of", "x".repeat(300));
    await expect(RunFolder.create(path, {})).rejects.toThrow(
      `expected a folder to write to, got ${path} (ENAMETOOLONG`,
    );
    await expect(RunFolder.createNew(path, {})).rejects.toThrow(RunFolderError);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it("gets a number if its name exists, even at the same moment", async () => {
    const path = join(temporaryFolder(), "runs/run");
    const folders = await Promise.all([1, 2, 3].map((seed) => RunFolder.createNew(path, { seed })));
    expect(folders.map((folder) => folder.path).sort()).toEqual([path, `${path}-2`, `${path}-3`]);
    for (const [index, folder] of folders.entries()) {
      expect(readFileSync(join(folder.path, "config.json"), "utf8")).toContain(`"seed": ${index + 1}`);
    }
  });

  it("is opened by one process at a time, whatever a killed process left unfinished", async () => {
    const path = temporaryFolder();
    const folder = await RunFolder.open(path);
    expect(readdirSync(path).sort()).toEqual(["checkpoints", "lock", "samples"]);
    await expect(RunFolder.open(path)).rejects.toThrow(`${path}: another run is writing there`);
    folder.close();
    (await RunFolder.open(path)).close();
  });

  it("is truncated to a step: later records, samples and partial lines are removed, everything before is unchanged", async () => {
    const folder = await RunFolder.create(join(temporaryFolder(), "run"), { seed: 1 });
    await folder.addMetrics({ step: 5 });
    for (const step of [10, 20, 25]) {
      await folder.addMetrics(report(step));
      await folder.addSample(step, `sample ${step}`);
    }
    await folder.addMetrics({ step: 15, error: "the loss of iteration 15 is NaN" });
    const metrics = join(folder.path, "metrics.jsonl");
    appendFileSync(metrics, '{"step":3');
    // A line that is not a report is kept.
    expect((await folder.truncateAfter(20)).firstReport).toEqual(report(10));
    const kept = [{ step: 5 }, report(10), report(20)].map((record) => `${JSON.stringify(record)}\n`).join("");
    expect(readFileSync(metrics, "utf8")).toBe(kept);
    expect(readdirSync(join(folder.path, "samples"))).toEqual(["step-00000010.txt", "step-00000020.txt"]);
    expect(await folder.truncateAfter(0)).toEqual({ firstReport: undefined, lastReport: undefined });
    expect(readFileSync(metrics, "utf8")).toBe("");
    folder.close();
  });

  it("recognizes a report after a byte-order mark, which is preserved", async () => {
    const folder = await RunFolder.create(join(temporaryFolder(), "run"), { seed: 1 });
    const metrics = join(folder.path, "metrics.jsonl");
    const lines = `\ufeff${JSON.stringify(report(10))}\n${JSON.stringify(report(20))}\n`;
    writeFileSync(metrics, lines);
    expect((await folder.truncateAfter(20)).firstReport).toEqual(report(10));
    expect(readFileSync(metrics, "utf8")).toBe(lines);
    expect(await folder.truncateAfter(0)).toEqual({ firstReport: undefined, lastReport: undefined });
    expect(readFileSync(metrics, "utf8")).toBe("");
    folder.close();
  });

  it("is copied completely, without its lock, to a new folder", async () => {
    const from = await RunFolder.create(join(temporaryFolder(), "run"), { seed: 1 });
    await from.addMetrics({ step: 1 });
    await from.addSample(1, "sample");
    writeFileSync(join(from.path, "events.out.tfevents.1.1.dnc"), "events");
    writeFileSync(join(from.path, "notes.txt"), "not the run's");
    const to = await RunFolder.copy(from.path, join(temporaryFolder(), "a/b"), LABELS);
    expect(readdirSync(to.path).sort()).toEqual([
      "checkpoints",
      "config.json",
      "events.out.tfevents.1.1.dnc",
      "lock",
      "metrics.jsonl",
      "samples",
    ]);
    expect(readFileSync(join(to.path, "samples/step-00000001.txt"), "utf8")).toBe("sample\n");
    from.close();
    to.close();
  });

  it("is not copied if the copy is rejected, and nothing remains", async () => {
    const from = await RunFolder.create(join(temporaryFolder(), "run"), { seed: 1 });
    const folder = temporaryFolder();
    const check = async (path: string) => {
      throw new RunFolderError(`${readdirSync(path).length} parts`);
    };
    await expect(RunFolder.copy(from.path, join(folder, "a/b"), LABELS, check)).rejects.toThrow("4 parts");
    expect(readdirSync(folder)).toEqual([]);
    from.close();
  });

  it("reports which file it could not write, and why", async () => {
    const folder = await RunFolder.create(join(temporaryFolder(), "run"), { seed: 1 });
    await folder.addSample(1, "once");
    const error = await folder.addSample(1, "twice").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RunWriteError);
    expect((error as Error).message).toMatch(`cannot write ${join(folder.path, "samples/step-00000001.txt")}: EEXIST`);
    folder.close();
  });
});
