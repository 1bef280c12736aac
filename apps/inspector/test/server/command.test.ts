/** The program `inspector`, as a process. */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { createRun, METRICS, temporaryFolder } from "./support.js";

const PROGRAM = fileURLToPath(new URL("../../bin/inspector.js", import.meta.url));

/** The environment of a user without a desktop. */
const withCache = (cache: string) => ({ ...process.env, XDG_CACHE_HOME: cache, DISPLAY: "", WAYLAND_DISPLAY: "" });

/** Runs the program to its end. */
function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
    encoding: "utf8",
    env: withCache(temporaryFolder()),
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

/** Starts the program and waits for the address that it prints. */
async function start(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = new Promise<{ status: number | null; signal: string | null }>((resolve) =>
    child.once("exit", (status, signal) => resolve({ status, signal })),
  );
  let text = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      text += chunk;
      const [, found] = /^Inspector: (http:\S+)\nCtrl-C ends it\.\n$/.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.stderr.on("data", (chunk) => reject(new Error(String(chunk))));
    child.once("exit", () => reject(new Error(`ended after ${text}`)));
  });
  return { child, url, ended };
}

describe("inspector", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("serves a run until %s, and ends with status 0", async (signal) => {
    const env = withCache(temporaryFolder());
    const { child, url, ended } = await start([createRun()], env);
    const { port, pathname, search } = new URL(url);
    expect(search).toBe("?run=run/");
    const response = await fetch(new URL("run/metrics.jsonl", url));
    expect(await response.text()).toBe(METRICS);
    const open = connect(Number(port), "127.0.0.1");
    onTestFinished(() => void open.destroy());
    open.on("error", () => {}).write(`GET ${pathname} HTTP/1.1\r\n`);
    const asked = performance.now();
    child.kill(signal);
    child.kill(signal); // a terminal and npm both send it
    expect(await ended).toEqual({ status: 0, signal: null });
    expect(performance.now() - asked).toBeLessThan(3000);
  });

  it("has the same address when it is started again", async () => {
    const [env, path] = [withCache(temporaryFolder()), createRun()];
    const first = await start([path, "--no-open"], env);
    first.child.kill("SIGINT");
    await first.ended;
    const second = await start([path, "--no-open"], env);
    expect(second.url).toBe(first.url);
    expect((await fetch(new URL("run/config.json", first.url))).status).toBe(200);
  });

  it("opens the browser of the desktop with the address as one argument", async () => {
    const folder = temporaryFolder();
    const [program, out] = [join(folder, "xdg-open"), join(folder, "out")];
    writeFileSync(program, `#!/bin/sh\nfor word; do echo "<$word>"; done > ${out}.new; mv ${out}.new ${out}\n`, {
      mode: 0o755,
    });
    const env = { ...withCache(temporaryFolder()), DISPLAY: ":0", PATH: `${folder}:${process.env.PATH}` };
    const trace = join(folder, "a $(touch x) & b.json");
    writeFileSync(trace, "{}");
    const { url } = await start([trace], env);
    await expect.poll(() => readFileSync(out, "utf8"), { timeout: 10_000 }).toBe(`<${url}>\n`);
  });

  it("starts also if the desktop has no such program", async () => {
    const env = { ...withCache(temporaryFolder()), DISPLAY: ":0", PATH: temporaryFolder() };
    expect((await start([], env)).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/$/);
  });

  it("prints its help", () => {
    const { status, stdout } = run("--help");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Usage: inspector \[FILE\|FOLDER\] \[--port=N\] \[--no-open\]\n/);
  });

  it.each([
    [
      ["none"],
      /^inspector: expected the folder of a run or of a checkpoint, or the file of a trace, got none, which does not exist\n$/,
    ],
    [["a", "b"], /^expected one file or folder, got also "b"\n$/],
    [[""], /^expected a file or folder, got nothing\n$/],
    [["--port=x"], /^--port: expected an integer from 0 to 65535, got "x"\n$/],
    [["--port=65536"], /^--port: expected an integer from 0 to 65535, got "65536"\n$/],
    [["--port"], /^[^\n]*--port[^\n]*; `--help` lists the flags\n$/],
    [["--nothing"], /^Unknown option '--nothing'; `--help` lists the flags\n$/],
    [["--no-open=1"], /^[^\n]*--no-open[^\n]*; `--help` lists the flags\n$/],
  ])("refuses %j with one sentence and status 2", (args, sentence) => {
    const { status, stdout, stderr } = run(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(sentence);
  });
});
