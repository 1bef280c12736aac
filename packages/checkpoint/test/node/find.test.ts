import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DamagedCheckpointError, UnreadableCheckpointError } from "../../src/index.js";
import { findCheckpoint, loadCheckpoint, saveCheckpoint } from "../../src/node/index.js";
import { tensor } from "../files.js";

let folder: string;
const faults: string[] = [];
const onDamaged = (error: DamagedCheckpointError) => {
  expect(error).toBeInstanceOf(DamagedCheckpointError);
  faults.push(error.message);
};

beforeEach(async () => {
  faults.length = 0;
  folder = mkdtempSync(join(tmpdir(), "dnc-find-"));
  for (const [step, loss] of [
    [100, 2],
    [200, 1],
    [300, 3],
  ] as const)
    await saveCheckpoint(folder, { model: [tensor("a", [3], step)], optimizer: [], state: { step, loss } });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const makePipe = (path: string, program = "mkfifo") => execFileSync(program, [path]);
const at = (...parts: string[]) => join(folder, ...parts);
const damage = (step: number) => writeFileSync(at(`step-00000${step}`, "model.safetensors"), "damaged");
const damagedError = (step: number) => `step-00000${step}: model.safetensors: its SHA-256 is not the one in state.json`;

describe("findCheckpoint", () => {
  it("finds the newest, the best and one by its name or step", async () => {
    const found = await findCheckpoint(folder);
    expect(found).toEqual({
      name: "step-00000300",
      path: at("step-00000300"),
      step: 300,
      state: { step: 300, loss: 3 },
      model: [tensor("a", [3], 300)],
      optimizer: [],
    });
    expect(await findCheckpoint(folder, "latest")).toEqual(found);
    expect(await findCheckpoint(folder, "best")).toMatchObject({ name: "step-00000200" });
    expect(await findCheckpoint(folder, "step-00000100")).toMatchObject({ step: 100 });
    expect(await findCheckpoint(folder, "100")).toMatchObject({ name: "step-00000100" });
  });

  it("finds the newest whatever the file latest contains", async () => {
    writeFileSync(at("latest"), "step-00000100\n");
    expect(await findCheckpoint(folder)).toMatchObject({ step: 300 });
    rmSync(at("latest"));
    expect(await findCheckpoint(folder)).toMatchObject({ step: 300 });
  });

  it("skips damaged ones and reports them", async () => {
    damage(300);
    rmSync(at("step-00000200", "optimizer.safetensors"));
    expect(await findCheckpoint(folder, "latest", { onDamaged })).toMatchObject({ step: 100 });
    expect(faults).toEqual([damagedError(300), "step-00000200: optimizer.safetensors: not there"]);
    damage(100);
    expect(await findCheckpoint(folder)).toBeUndefined();
  });

  it("reads the model alone if asked to, whatever the optimizer's file", async () => {
    rmSync(at("step-00000300", "optimizer.safetensors"));
    writeFileSync(at("step-00000200", "optimizer.safetensors"), "damaged");
    const options = { onDamaged, modelOnly: true };
    for (const [selector, step] of [
      ["latest", 300],
      ["best", 200],
      ["300", 300],
      ["200", 200],
    ] as const)
      expect(await findCheckpoint(folder, selector, options)).toMatchObject({
        step,
        model: [tensor("a", [3], step)],
        optimizer: [],
      });
    expect(await loadCheckpoint(at("step-00000300"), { modelOnly: true })).toMatchObject({ step: 300 });
    expect(faults).toEqual([]);
    damage(300);
    expect(await findCheckpoint(folder, "latest", options)).toMatchObject({ step: 200 });
    expect(faults).toEqual([damagedError(300)]);
  });

  it("finds the intact one with the lowest loss if the best is damaged, and reports each once", async () => {
    damage(200);
    expect(await findCheckpoint(folder, "best", { onDamaged })).toMatchObject({ step: 100 });
    expect(faults).toEqual([damagedError(200)]);
    writeFileSync(at("best"), "step-00000900\n");
    expect(await findCheckpoint(folder, "best", { onDamaged })).toMatchObject({ step: 100 });
    expect(faults.slice(1)).toEqual(["best: names step-00000900, which does not exist", damagedError(200)]);
    writeFileSync(at("best"), "../step-00000100");
    await findCheckpoint(folder, "best", { onDamaged });
    expect(faults[3]).toBe('best: expected the name of a checkpoint, got "../step-00000100"');
    rmSync(at("best"));
    damage(100);
    damage(300);
    expect(await findCheckpoint(folder, "best")).toBeUndefined();
  });

  it("returns the newest as the best if no checkpoint has a loss", async () => {
    const other = at("other");
    for (const step of [1, 2]) await saveCheckpoint(other, { model: [], optimizer: [], state: { step, loss: null } });
    expect(await findCheckpoint(other, "best", { onDamaged })).toMatchObject({ step: 2 });
    expect(faults).toEqual([]);
  });

  it("throws if the requested one is damaged or missing", async () => {
    damage(100);
    await expect(findCheckpoint(folder, "100")).rejects.toThrow(new DamagedCheckpointError(damagedError(100)));
    const there = "step-00000300, step-00000200, step-00000100";
    for (const which of ["400", "step-00000400", "../step-00000300", "", "step-300", "000000100", "latest/"]) {
      const message = `selector: expected latest, best or an existing one (${there}), got "${which}"`;
      await expect(findCheckpoint(folder, which)).rejects.toThrow(new RangeError(message));
    }
    await expect(findCheckpoint(folder, 100 as never)).rejects.toThrow(
      new TypeError("selector: expected a string, got 100"),
    );
  });

  it("finds nothing if the folder is missing or empty", async () => {
    for (const which of ["latest", "best", "100"]) expect(await findCheckpoint(at("none"), which)).toBeUndefined();
    mkdirSync(at("empty"));
    expect(await findCheckpoint(at("empty"), "best", { onDamaged })).toBeUndefined();
    await expect(findCheckpoint(at("empty"), "1")).rejects.toThrow("an existing one (none)");
  });

  it("ignores everything that is not a checkpoint's folder", async () => {
    for (const name of [
      "step-600",
      "step-000000700",
      "step-9007199254740992",
      "step-00000800x",
      "Step-00000900",
      "step-",
    ])
      mkdirSync(at(name));
    for (const name of [".step-00001000.new", "step-00001100.aside"]) mkdirSync(at(name));
    expect(await findCheckpoint(folder, "latest", { onDamaged })).toMatchObject({ step: 300 });
    expect(faults).toEqual([]);
  });

  it("does not follow links, wait for pipes, or read files that are too long", async () => {
    const state = at("step-00000300", "state.json");
    truncateSync(state, 10_000_000_000);
    await expect(findCheckpoint(folder)).rejects.toThrow(
      new UnreadableCheckpointError("step-00000300: state.json: expected at most 4194304 bytes, got 10000000000"),
    );
    rmSync(state);
    makePipe(state);
    await expect(findCheckpoint(folder)).rejects.toThrow(
      new UnreadableCheckpointError("step-00000300: state.json: expected a file, got a FIFO"),
    );
    rmSync(state);
    symlinkSync(at("step-00000200", "state.json"), state);
    await expect(findCheckpoint(folder)).rejects.toThrow("step-00000300: state.json: expected a file, got a link");
  });

  it("detects a checkpoint under the name of another", async () => {
    rmSync(at("step-00000300"), { recursive: true });
    execFileSync("cp", ["-r", at("step-00000100"), at("step-00000300")]);
    expect(await findCheckpoint(folder, "latest", { onDamaged })).toMatchObject({ step: 200 });
    expect(faults).toEqual(["step-00000300: state.json: expected step 300, got 100"]);
  });
});

describe("a checkpoint that cannot be opened, though nothing says that it is damaged,", () => {
  const newest = (...file: string[]) => at("step-00000300", ...file);
  const laterVersion = (path: string) =>
    writeFileSync(path, readFileSync(path, "utf8").replace('"version": 1', '"version": 2'));
  const replaced = (make: (path: string) => void, path: string) => {
    rmSync(path, { recursive: true, force: true });
    make(path);
  };
  const linkToItself = (path: string) => symlinkSync(path, path);

  it.each([
    ["of a later release", () => laterVersion(newest("state.json")), /version 2 was written by a later release/],
    [
      "a folder in place of a file",
      () => replaced(mkdirSync, newest("model.safetensors")),
      /expected a file, got a folder/,
    ],
    [
      "a link in place of a file",
      () => replaced(linkToItself, newest("optimizer.safetensors")),
      /expected a file, got a link/,
    ],
    [
      "a file in its place",
      () => replaced((path) => writeFileSync(path, ""), newest()),
      /expected a folder, got a file/,
    ],
    ["a link in its place", () => replaced((path) => symlinkSync(at("step-00000100"), path), newest()), /got a link/],
    ["a link to itself in its place", () => replaced(linkToItself, newest()), /expected a folder, got a link/],
  ])("is an error and is not skipped: %s", async (_, damageIt, reason) => {
    damageIt();
    for (const which of ["latest", "300"]) {
      const error = await findCheckpoint(folder, which, { onDamaged }).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(UnreadableCheckpointError);
      expect(error.message).toMatch(/^step-00000300: /);
      expect(error.message).toMatch(reason);
    }
    expect(faults).toEqual([]);
    expect(await findCheckpoint(folder, "best")).toMatchObject({ step: 200 });
  });

  it.each([
    ["a file", (path: string) => writeFileSync(path, "")],
    ["a link to itself", linkToItself],
    ["a link to nothing", (path: string) => symlinkSync(`${path}-none`, path)],
    ["below a file", (path: string) => writeFileSync(join(path, ".."), "")],
  ])("includes a folder that is %s", async (_, make) => {
    const other = at("below", "other");
    if (make.toString().includes("..")) make(other);
    else {
      mkdirSync(at("below"));
      make(other);
    }
    const error = await findCheckpoint(other).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(UnreadableCheckpointError);
    expect(error.message).toMatch(/: cannot be read \((ENOTDIR|ELOOP|ENOENT)/);
  });

  it("includes files to which access is denied", async () => {
    const module = new URL("../../dist/node/index.js", import.meta.url).href;
    chmodSync(folder, 0o755);
    chmodSync(newest("model.safetensors"), 0);
    // Not from the start: another user may not be able to read the clone.
    const script = `const { findCheckpoint } = await import(${JSON.stringify(module)});
      if (process.getuid?.() === 0) process.setgid(65534), process.setuid(65534);
      await findCheckpoint(${JSON.stringify(folder)}).catch((error) => console.log(error.name, error.message));`;
    const args = ["--input-type=module", "-e", script];
    const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: "/" });
    expect(stdout).toMatch(/^UnreadableCheckpointError step-00000300: model\.safetensors: cannot be read \(EACCES/);
  });

  it("is an error if the lowest loss is needed and it does not have one", async () => {
    laterVersion(newest("state.json"));
    rmSync(at("best"));
    await expect(findCheckpoint(folder, "best")).rejects.toThrow(/^step-00000300: state\.json: version 2 was written/);
  });

  it("does not matter if a newer one is intact", async () => {
    laterVersion(at("step-00000100", "state.json"));
    expect(await findCheckpoint(folder)).toMatchObject({ step: 300 });
  });
});

it("a folder without checkpoints, but with the file latest, is reported", async () => {
  for (const step of [100, 200, 300]) rmSync(at(`step-00000${step}`), { recursive: true });
  expect(await findCheckpoint(folder, "latest", { onDamaged })).toBeUndefined();
  expect(faults).toEqual(["latest: names a checkpoint, but there is none"]);
});

describe("loadCheckpoint", () => {
  it("throws if the path does not exist", async () => {
    const error = new DamagedCheckpointError("state.json: not there");
    await expect(loadCheckpoint(at("none"))).rejects.toThrow(error);
  });
});
