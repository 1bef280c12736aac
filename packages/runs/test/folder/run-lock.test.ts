import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { lockRun } from "../../src/folder/run-lock.js";
import { RunFolderError } from "../../src/run-folder-error.js";
import { temporaryFolder } from "../support.js";

/** Starts a process that runs until the test ends. */
function startProcess() {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

/** Locks a folder and replaces the holder in its file by the result of `change`. */
async function lockOf(folder: string, change: (holder: Record<string, unknown>) => object): Promise<void> {
  const lock = await lockRun(folder);
  const holder = JSON.parse(readFileSync(join(folder, "lock"), "utf8"));
  lock.release();
  writeFileSync(join(folder, "lock"), `${JSON.stringify(change(holder))}\n`);
}

describe("lockRun", () => {
  it("is held by one process at a time, and by the next when it is released", async () => {
    const folder = temporaryFolder();
    const lock = await lockRun(folder);
    const sentence = `${folder}: another run is writing there (process ${process.pid} since `;
    await expect(lockRun(folder)).rejects.toThrow(sentence);
    await expect(lockRun(folder)).rejects.toThrow(RunFolderError);
    lock.release();
    lock.release();
    const again = await lockRun(folder);
    expect(readdirSync(folder)).toEqual(["lock"]);
    again.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is acquired by exactly one of many concurrent requests, also after a dead process", async () => {
    for (const dead of [false, true]) {
      const folder = temporaryFolder();
      if (dead) await lockOf(folder, (holder) => ({ ...holder, started: "1" }));
      const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockRun(folder)));
      const acquired = results.filter(({ status }) => status === "fulfilled");
      expect(acquired).toHaveLength(1);
      (acquired[0] as PromiseFulfilledResult<{ release(): void }>).value.release();
    }
  });

  it("is not held by a killed process", async () => {
    const folder = temporaryFolder();
    const child = startProcess();
    await lockOf(folder, (holder) => ({ ...holder, pid: child.pid, started: "" }));
    await expect(lockRun(folder)).rejects.toThrow(`(process ${child.pid} since `);
    child.kill("SIGKILL");
    await once(child, "exit");
    (await lockRun(folder)).release();
  });

  it.skipIf(process.platform !== "linux")(
    "distinguishes a later process with the same number (needs Linux)",
    async () => {
      const folder = temporaryFolder();
      await lockOf(folder, (holder) => ({ ...holder, pid: startProcess().pid, started: "12345" }));
      (await lockRun(folder)).release();
    },
  );

  it("respects a holder on another machine for two minutes after its last heartbeat", async () => {
    const folder = temporaryFolder();
    const setHeartbeat = (secondsAgo: number) =>
      utimesSync(join(folder, "lock"), new Date(), new Date(Date.now() - 1000 * secondsAgo));
    for (const change of [(holder: object) => ({ ...holder, place: "another machine" }), () => ({})]) {
      await lockOf(folder, change);
      setHeartbeat(100);
      await expect(lockRun(folder)).rejects.toThrow(`or remove ${join(folder, "lock")} if it is gone`);
      setHeartbeat(130);
      (await lockRun(folder)).release();
    }
  });

  it("goes by the clock of the file system where this machine's is wrong", async () => {
    const folder = temporaryFolder();
    await lockOf(folder, (holder) => ({ ...holder, place: "another machine" }));
    const clock = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 3_600_000);
    onTestFinished(() => clock.mockRestore());
    await expect(lockRun(folder)).rejects.toThrow(`or remove ${join(folder, "lock")} if it is gone`);
  });

  it("renews its lock by writing to it", async () => {
    const folder = temporaryFolder();
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const lock = await lockRun(folder);
    const path = join(folder, "lock");
    const text = readFileSync(path, "utf8");
    utimesSync(path, new Date(0), new Date(0));
    vi.advanceTimersByTime(10_000);
    await vi.waitFor(() => expect(statSync(path).mtimeMs).toBeGreaterThan(Date.now() - 60_000));
    expect(readFileSync(path, "utf8")).toBe(text);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("does not treat a time in the future as a heartbeat", async () => {
    const folder = temporaryFolder();
    await lockOf(folder, (holder) => ({ ...holder, place: "another machine" }));
    const tomorrow = new Date(Date.now() + 86_400_000);
    utimesSync(join(folder, "lock"), tomorrow, tomorrow);
    mkdirSync(join(folder, "lock.removing"));
    utimesSync(join(folder, "lock.removing"), tomorrow, tomorrow);
    (await lockRun(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  const notPlainFiles: readonly [what: string, create: (path: string) => void][] = [
    ["a folder", (path) => mkdirSync(path)],
    ["a FIFO", (path) => void spawnSync("mkfifo", [path])],
    ["a link", (path) => symlinkSync("nowhere", path)],
    ["a link", (path) => symlinkSync("lock", path)],
    ["a link", (path) => symlinkSync("/dev/zero", path)],
  ];

  it.each(notPlainFiles)("refuses %s at its path at once, by name", async (what, create) => {
    const folder = temporaryFolder();
    const path = join(folder, "lock");
    create(path);
    const message = `lock ${path}: expected a plain file, got ${what}; if no run is writing there, remove ${path}`;
    await expect(lockRun(folder)).rejects.toThrow(new RunFolderError(message));
    expect(readdirSync(folder)).toEqual(["lock"]);
  });

  it("reports what prevents the removal of a dead process's lock", async () => {
    const folder = temporaryFolder();
    await lockOf(folder, (holder) => ({ ...holder, started: "1" }));
    writeFileSync(join(folder, "lock.removing"), "");
    utimesSync(join(folder, "lock.removing"), new Date(0), new Date(0));
    const message = `lock ${join(folder, "lock.removing")}: it was left behind and cannot be removed (ENOTDIR`;
    await expect(lockRun(folder)).rejects.toThrow(message);
  });

  it("prints a holder's description without control characters", async () => {
    const folder = temporaryFolder();
    await lockOf(folder, (holder) => ({ ...holder, place: 1, since: { toString: 1 } }));
    await expect(lockRun(folder)).rejects.toThrow(`another run is writing there (process ${process.pid}); wait`);
    rmSync(join(folder, "lock"));
    await lockOf(folder, (holder) => ({ ...holder, place: 1, since: "\x1b[2J" }));
    await expect(lockRun(folder)).rejects.toThrow(`(process ${process.pid} since \\x1b[2J); wait`);
    truncateSync(join(folder, "lock"), 3e9);
    await expect(lockRun(folder)).rejects.toThrow("it cannot be read: expected at most 65536 bytes, got 3000000000");
  });

  const isRoot = process.getuid?.() === 0;

  it.skipIf(!isRoot)("reports another user's lock that cannot be read or removed (needs root)", async () => {
    for (const [mode, text, what] of [
      [0o600, "{}", "it cannot be read: expected a readable file, got"],
      [0o644, "{}", "the process that left it is gone, but it cannot be removed (EPERM"],
    ] as const) {
      const folder = temporaryFolder();
      const path = join(folder, "lock");
      writeFileSync(path, text, { mode });
      utimesSync(path, new Date(0), new Date(0));
      chmodSync(folder, 0o1777);
      // Loads everything that another user needs before this process becomes that user.
      const script = `
        const { lockRun } = await import(${JSON.stringify(new URL("../../dist/folder/run-lock.js", import.meta.url).href)});
        process.setgid(65534);
        process.setuid(65534);
        await lockRun(${JSON.stringify(folder)}).catch(({ name, message }) => console.log(name, message));`;
      const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
      expect(stdout).toContain(`RunFolderError lock ${path}: ${what}`);
      expect(stdout).toContain(`; if no run is writing there, remove ${path}`);
    }
  });

  it("does not remove another process's lock on release", async () => {
    const folder = temporaryFolder();
    const lock = await lockRun(folder);
    writeFileSync(join(folder, "lock"), "another's");
    lock.release();
    expect(readFileSync(join(folder, "lock"), "utf8")).toBe("another's");
  });
});
