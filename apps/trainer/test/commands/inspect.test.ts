/** Tests `dnc inspect`, as a process where it serves. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../support.js";
import { dnc, savedRun } from "./saved-run.js";

const PROGRAM = fileURLToPath(new URL("../../bin/dnc.js", import.meta.url));

/** Starts the command and waits for the address that it prints. */
async function start(...args: readonly string[]) {
  const env = {
    ...process.env,
    XDG_CACHE_HOME: mkdtempSync(join(temporaryFolder(), "cache-")),
    DISPLAY: "",
    WAYLAND_DISPLAY: "",
  };
  const child = spawn(process.execPath, [PROGRAM, "inspect", ...args], { env });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = new Promise((resolve) => child.once("exit", (status, signal) => resolve({ status, signal })));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk) => resolve(/http:\S+/.exec(String(chunk))?.[0] ?? ""));
    child.stderr.on("data", (chunk) => reject(new Error(String(chunk))));
  });
  return { child, url, ended };
}

describe("dnc inspect", () => {
  it("serves a run until Ctrl-C, and ends with status 0", async () => {
    const run = await savedRun();
    const { child, url, ended } = await start(run, "--no_open");
    expect(new URL(url).search).toBe("?run=run/");
    expect(await (await fetch(url)).text()).toContain("DNC inspector");
    const latest = await (await fetch(new URL("run/checkpoints/latest", url))).text();
    for (const file of ["config.json", "metrics.jsonl", `checkpoints/${latest.trim()}/model.safetensors`]) {
      const bytes = await (await fetch(new URL(`run/${file}`, url))).arrayBuffer();
      expect(Buffer.from(bytes).equals(readFileSync(join(run, file))), file).toBe(true);
    }
    child.kill("SIGINT");
    expect(await ended).toEqual({ status: 0, signal: null });
  });

  it("opens a published network, which the page has", async () => {
    const { url } = await start("--pretrained=copy");
    expect(new URL(url).search).toBe("?network=copy");
  });

  it("refuses what is no run, no network and no port, with one sentence", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "trace.json");
    writeFileSync(file, "{}");
    const refused = async (...args: readonly string[]) => {
      const { status, stdout, stderr } = await dnc("inspect", ...args);
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      return stderr;
    };
    expect(await refused(folder)).toBe(`dnc: expected the folder of a run, got ${folder}, which has no config.json\n`);
    expect(await refused(file)).toBe(`dnc: expected the folder of a run, got the file ${file}\n`);
    expect(await refused(join(folder, "none"))).toBe(
      `dnc: expected the folder of a run, got ${folder}/none, which is not there\n`,
    );
    expect(await refused()).toBe(
      "dnc: expected either the folder of a run or --pretrained after inspect, got nothing\n",
    );
    expect(await refused("--pretrained=none")).toMatch(/^dnc: --pretrained: expected one of .*, got "none"\n$/);
    expect(await refused("--port=70000", folder)).toMatch(/^dnc: --port: expected .*65535.*, got "?70000"?\n$/);
    const taken = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void taken.close());
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as { port: number };
    expect(await refused("--pretrained=copy", `--port=${port}`)).toBe(
      `dnc: --port: expected a free port, got ${port}, which is in use or not allowed\n`,
    );
  });
});
