import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { lockRun } from "../src/run-lock.js";
import { UsageError } from "../src/usage-error.js";
import { temporaryFolder } from "./support.js";

/** A process that is there until the test ends. */
function bystander() {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

/** Locks a folder and writes into the file what `change` makes of its holder. */
async function lockOf(folder: string, change: (holder: Record<string, unknown>) => object): Promise<void> {
  const lock = await lockRun(folder);
  const holder = JSON.parse(readFileSync(join(folder, "lock"), "utf8"));
  lock.release();
  writeFileSync(join(folder, "lock"), `${JSON.stringify(change(holder))}\n`);
}

describe("lockRun", () => {
  it("is given to one at a time, and to the next when it is given back", async () => {
    const folder = temporaryFolder();
    const lock = await lockRun(folder);
    const sentence = `${folder}: another run is writing there (process ${process.pid} since `;
    await expect(lockRun(folder)).rejects.toThrow(sentence);
    await expect(lockRun(folder)).rejects.toThrow(UsageError);
    lock.release();
    lock.release();
    const again = await lockRun(folder);
    expect(readdirSync(folder)).toEqual(["lock"]);
    again.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is given to one of many that ask at once, and so is a dead process's", async () => {
    for (const dead of [false, true]) {
      const folder = temporaryFolder();
      if (dead) await lockOf(folder, (holder) => ({ ...holder, started: "1" }));
      const asked = await Promise.allSettled(Array.from({ length: 20 }, () => lockRun(folder)));
      const given = asked.filter(({ status }) => status === "fulfilled");
      expect(given).toHaveLength(1);
      (given[0] as PromiseFulfilledResult<{ release(): void }>).value.release();
    }
  });

  it("outlives no process: one that was killed does not hold it", async () => {
    const folder = temporaryFolder();
    const child = bystander();
    await lockOf(folder, (holder) => ({ ...holder, pid: child.pid, started: "" }));
    await expect(lockRun(folder)).rejects.toThrow(`(process ${child.pid} since `);
    child.kill("SIGKILL");
    await once(child, "exit");
    (await lockRun(folder)).release();
  });

  it.skipIf(process.platform !== "linux")("knows a later process with the same number", async () => {
    const folder = temporaryFolder();
    await lockOf(folder, (holder) => ({ ...holder, pid: bystander().pid, started: "12345" }));
    (await lockRun(folder)).release();
  });

  it("believes a holder elsewhere for two minutes after its last sign of life", async () => {
    const folder = temporaryFolder();
    const seen = (secondsAgo: number) =>
      utimesSync(join(folder, "lock"), new Date(), new Date(Date.now() - 1000 * secondsAgo));
    for (const change of [(holder: object) => ({ ...holder, place: "another machine" }), () => ({})]) {
      await lockOf(folder, change);
      seen(100);
      await expect(lockRun(folder)).rejects.toThrow(`or remove ${join(folder, "lock")} if it is gone`);
      seen(130);
      (await lockRun(folder)).release();
    }
  });

  it("leaves another's alone when it gives back what it no longer has", async () => {
    const folder = temporaryFolder();
    const lock = await lockRun(folder);
    writeFileSync(join(folder, "lock"), "another's");
    lock.release();
    expect(readFileSync(join(folder, "lock"), "utf8")).toBe("another's");
  });
});
