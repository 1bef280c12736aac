import { execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { UsageError } from "@dnc/settings";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkOutputFile, writeOutputFile } from "../../src/commands/output-file.js";
import { snapshot } from "../snapshot.js";
import { temporaryFolder } from "../support.js";
import { savedRun } from "./saved-run.js";

const execFileAsync = promisify(execFile);
const NO_RUN = "/nowhere/run";
const write = (path: string, text = "page") => writeOutputFile(path, text, NO_RUN);
const mode = (path: string) => statSync(path).mode & 0o777;

/** Creates a folder that looks like a run's. */
function runFolder(): string {
  const run = temporaryFolder();
  for (const name of ["checkpoints/step-00000002", "samples"]) mkdirSync(join(run, name), { recursive: true });
  for (const name of ["config.json", "metrics.jsonl", "lock", "events.out.tfevents.1.1.dnc", "checkpoints/latest"])
    writeFileSync(join(run, name), name);
  return run;
}

describe("an output file", () => {
  it("replaces the previous one, keeps its mode, and changes nothing else", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "page.html");
    writeFileSync(`${path}.new`, "mine");
    await write(path);
    expect(mode(path)).toBe(0o666 & ~process.umask());
    chmodSync(path, 0o600);
    await write(path, "again");
    expect(mode(path)).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["page.html", "page.html.new"]);
    expect(readFileSync(path, "utf8")).toBe("again");
  });

  it("is the target of a link", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "far"));
    symlinkSync("far/page.html", join(folder, "link"));
    await write(join(folder, "link"));
    await write(join(folder, "link"), "again");
    expect(readlinkSync(join(folder, "link"))).toBe("far/page.html");
    expect(readFileSync(join(folder, "far/page.html"), "utf8")).toBe("again");
  });

  it("is refused in forbidden places", async () => {
    const folder = temporaryFolder();
    const at = (name: string) => join(folder, name);
    writeFileSync(at("read-only"), "mine");
    chmodSync(at("read-only"), 0o444);
    symlinkSync("loop", at("loop"));
    mkdirSync(at("folder"));
    const server = createServer().listen(at("socket"));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    for (const name of ["read-only", "loop", "folder", "socket", "none/page", "read-only/page"]) {
      expect(() => checkOutputFile(at(name), NO_RUN), name).toThrow(/^--out: expected a file to write, got /);
      await expect(write(at(name)), name).rejects.toBeInstanceOf(UsageError);
    }
    expect(readFileSync(at("read-only"), "utf8")).toBe("mine");
  });

  it("can be a device or a FIFO, which remains one", async () => {
    const folder = temporaryFolder();
    const [pipe, link] = [join(folder, "pipe"), join(folder, "null")];
    execFileSync("mkfifo", [pipe]);
    symlinkSync("/dev/null", link);
    await write("/dev/null");
    await write(link);
    expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
    expect(readlinkSync(link)).toBe("/dev/null");
    const reader = spawn("cat", [pipe], { stdio: ["ignore", "pipe", "ignore"] });
    let read = "";
    reader.stdout.on("data", (data) => {
      read += data;
    });
    const ended = new Promise((resolve) => reader.once("close", resolve));
    await write(pipe, "through the pipe");
    await ended;
    expect(read).toBe("through the pipe");
    expect(lstatSync(pipe).isFIFO()).toBe(true);
    await expect(write("/dev/full")).rejects.toThrow(/ENOSPC/);
  });

  it("waits for the reader of a FIFO, up to a timeout", async () => {
    const pipe = join(temporaryFolder(), "pipe");
    execFileSync("mkfifo", [pipe]);
    const late = new Promise((resolve) => setTimeout(() => resolve(execFileAsync("cat", [pipe])), 300));
    await write(pipe, "through the pipe");
    expect(await late).toMatchObject({ stdout: "through the pipe" });
    await expect(write(pipe)).rejects.toThrow(
      new UsageError(`--out: expected a file to write, got ${pipe} (nobody reads from it)`),
    );
  }, 30_000);

  it("is not a file of a run, under any name", () => {
    const run = runFolder();
    const other = temporaryFolder();
    symlinkSync(run, join(other, "run"));
    symlinkSync(join(run, "config.json"), join(other, "config"));
    symlinkSync(join(run, "checkpoints"), join(other, "checkpoints"));
    linkSync(join(run, "metrics.jsonl"), join(other, "metrics"));
    const before = snapshot(run);
    const own = ["config.json", "metrics.jsonl", "lock", "events.out.tfevents.1.1.dnc", "checkpoints/latest"];
    const others = ["checkpoints/new", "checkpoints/step-00000002/new", "samples/new", "samples/../config.json"];
    const elsewhere = ["config", "metrics", "checkpoints/new", "run/config.json"].map((name) => join(other, name));
    for (const path of [...[...own, ...others].map((name) => `${run}/${name}`), ...elsewhere])
      for (const command of [run, NO_RUN]) {
        if (command === NO_RUN && path.endsWith("/metrics")) continue; // only the command knows its run
        expect(() => checkOutputFile(path, command), path).toThrow("it belongs to the run");
      }
    expect(() => checkOutputFile(join(run, "report.html"), run)).not.toThrow();
    // A file with a default was not named by a flag.
    const config = join(run, "config.json");
    expect(() => checkOutputFile(config, run, "report.html")).toThrow(
      `report.html: expected a file to write, got ${config} (it belongs to the run`,
    );
    expect(snapshot(run)).toEqual(before);
  });
});

describe("dnc trace", () => {
  const command = new URL("../../bin/dnc.js", import.meta.url).pathname;
  it("writes only the trace to standard output, under each of its names", async () => {
    const run = await savedRun();
    const args = [command, "trace", run, "--backend=cpu", "--out=/dev/stdout"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toHaveProperty("quantities");
  }, 60_000);
});
