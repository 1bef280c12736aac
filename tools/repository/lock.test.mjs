/** Tests the lock between processes that set up a clone. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { withLock } from "../lock.mjs";

function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "dnc-lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function touched(path, secondsFromNow) {
  const time = new Date(Date.now() + 1000 * secondsFromNow);
  utimesSync(path, time, time);
}

describe("withLock", () => {
  it.each([-60, 60, 1e9])("treats a lock whose time is %i seconds from now as a dead holder's", async (seconds) => {
    const folder = temporaryFolder();
    const file = join(folder, "lock");
    writeFileSync(file, "");
    touched(file, seconds);
    mkdirSync(`${file}.removing`);
    touched(`${file}.removing`, seconds);
    expect(await withLock(file, async () => readdirSync(folder))).toEqual(["lock"]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("waits for a live holder, and reports it once", async () => {
    const file = join(temporaryFolder(), "lock");
    const order = [];
    const first = withLock(file, async () => {
      await new Promise((resolve) => setTimeout(resolve, 250));
      order.push("first");
    });
    await withLock(file, async () => order.push("second"), { onWait: () => order.push("waiting") });
    await first;
    expect(order).toEqual(["waiting", "first", "second"]);
  });

  it.each([
    ["a folder", (path) => mkdirSync(path)],
    ["a link to nowhere", (path) => symlinkSync("nowhere", path)],
    ["a link to itself", (path) => symlinkSync("lock", path)],
    ["a FIFO", (path) => spawnSync("mkfifo", [path])],
  ])("refuses %s in its place by name", async (_what, put) => {
    const file = join(temporaryFolder(), "lock");
    put(file);
    await expect(withLock(file, async () => {})).rejects.toThrow(
      `lock ${file}: expected a plain file, got something else; if no set-up is running here, remove ${file}`,
    );
  });

  it("refuses a file in place of the folder that guards a removal", async () => {
    const file = join(temporaryFolder(), "lock");
    for (const path of [file, `${file}.removing`]) {
      writeFileSync(path, "");
      touched(path, -60);
    }
    await expect(withLock(file, async () => {})).rejects.toThrow(`lock ${file}.removing: expected a folder, got`);
  });

  it("reports a folder that is missing or not writable", async () => {
    const file = join(temporaryFolder(), "none", "lock");
    await expect(withLock(file, async () => {})).rejects.toThrow(
      `lock ${file}: expected a folder to write to, got none (ENOENT`,
    );
  });

  it.skipIf(process.getuid?.() !== 0)("reports a dead holder's lock of another user (needs root)", () => {
    const folder = temporaryFolder();
    const file = join(folder, "lock");
    writeFileSync(file, "");
    touched(file, -60);
    chmodSync(folder, 0o1777);
    const script = `
      const { withLock } = await import(${JSON.stringify(new URL("../lock.mjs", import.meta.url).href)});
      process.setgid(65534);
      process.setuid(65534);
      await withLock(${JSON.stringify(file)}, async () => {}).catch(({ message }) => console.log(message));`;
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    expect(stdout).toContain(`lock ${file}: its holder is gone, but it cannot be removed (EPERM`);
    expect(existsSync(`${file}.removing`)).toBe(false);
  });
});
