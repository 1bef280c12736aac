import { readdirSync, readFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { encodeEventFileStart, encodeSummary, image, scalar } from "@dnc/report";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { EventFile } from "../../src/recording/event-file.js";
import { temporaryFolder } from "../support.js";

const NOW = 1_700_000_000;

/** Encodes a new run's file with these events. */
const fileOf = (...events: Uint8Array[]) => Buffer.concat([encodeEventFileStart(NOW, 0), ...events]);

/** Opens a file with a clock that advances by whole seconds. */
async function createWithClock(folder: string, step = 0): Promise<EventFile> {
  let time = NOW;
  return EventFile.create(folder, { step, now: () => time++ });
}

describe("an event file", () => {
  it("begins with its version and a start, then has each added event", async () => {
    const file = await createWithClock(temporaryFolder());
    expect(readFileSync(file.path)).toEqual(fileOf());
    await file.add(100, [scalar("loss", 0.5)]);
    const both = fileOf(encodeSummary(NOW + 1, 100, [scalar("loss", 0.5)]));
    expect(readFileSync(file.path)).toEqual(both);
    await file.close();
    expect(readFileSync(file.path)).toEqual(both);
  });

  it("of a resumed run starts with the step of the checkpoint", async () => {
    const file = await createWithClock(temporaryFolder(), 200);
    await file.close();
    expect(readFileSync(file.path)).toEqual(Buffer.from(encodeEventFileStart(NOW, 201)));
  });

  it("keeps the order of events that were added without waiting", async () => {
    const file = await createWithClock(temporaryFolder());
    const picture = { png: new Uint8Array(3_000_000), width: 1, height: 1 };
    const values = [[image("large", picture)], [scalar("small", 1)], [image("large", picture)], [scalar("small", 2)]];
    values.map((each, step) => file.add(step, each));
    await file.close();
    const events = values.map((each, step) => encodeSummary(NOW + 1 + step, step, each));
    expect(fileOf(...events).equals(readFileSync(file.path))).toBe(true);
  });

  it("is flushed when it is closed", async () => {
    const file = await createWithClock(temporaryFolder());
    const sync = vi.spyOn(await fileHandlePrototype(), "sync");
    onTestFinished(() => sync.mockRestore());
    await file.close();
    expect(sync).toHaveBeenCalledTimes(1);
  });

  it("uses the system's clock", async () => {
    const before = Date.now() / 1000;
    const file = await EventFile.create(temporaryFolder(), { step: 0 });
    await file.close();
    // After the record's length and checksum and the field's tag.
    const time = readFileSync(file.path).readDoubleLE(13);
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now() / 1000);
  });
});

describe("the name", () => {
  it("sorts after all existing ones, even if created at the same time", async () => {
    const folder = temporaryFolder();
    const files = await Promise.all(Array.from({ length: 8 }, () => createWithClock(folder)));
    expect(readdirSync(folder).sort()).toEqual(
      Array.from({ length: 8 }, (_, number) => `events.out.tfevents.1700000000.000${number}.dnc`),
    );
    const last = await EventFile.create(folder, { step: 0, now: () => 5 });
    expect(last.path).toBe(join(folder, "events.out.tfevents.1700000000.0008.dnc"));
    for (const file of [...files, last]) await file.close();
  });
});

describe("errors", () => {
  it.each([-1, 0.5, Number.NaN, 2 ** 53])("a step of %d is refused", async (step) => {
    const refusal = new RangeError(`step: expected a whole number of at least 0, got ${step}`);
    const folder = temporaryFolder();
    await expect(EventFile.create(folder, { step })).rejects.toThrow(refusal);
    expect(readdirSync(folder)).toEqual([]);
    const file = await createWithClock(folder);
    await expect(file.add(step, [])).rejects.toThrow(refusal);
    await file.close();
  });

  it("a missing folder is the system's error", async () => {
    const folder = join(temporaryFolder(), "none");
    await expect(EventFile.create(folder, { step: 0 })).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("a full disk is the system's error, and a partial event is removed", async () => {
    const file = await createWithClock(temporaryFolder());
    const fullDisk = await writeHalfThenFail();
    await expect(file.add(1, [scalar("loss", 1)])).rejects.toMatchObject({ code: "ENOSPC" });
    expect(readFileSync(file.path)).toEqual(fileOf());
    fullDisk.mockRestore();
    await file.add(2, [scalar("loss", 2)]);
    await file.close();
    expect(readFileSync(file.path)).toEqual(fileOf(encodeSummary(NOW + 2, 2, [scalar("loss", 2)])));
  });

  it("a disk that was full from the start has no file", async () => {
    const folder = temporaryFolder();
    await writeHalfThenFail();
    await expect(createWithClock(folder)).rejects.toMatchObject({ code: "ENOSPC" });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("a closed file rejects further events", async () => {
    const file = await createWithClock(temporaryFolder());
    await file.close();
    await expect(file.add(1, [])).rejects.toMatchObject({ code: "EBADF" });
  });
});

/** Makes every file handle write half of its data, then fail as on a full disk; until the end of the test. */
async function writeHalfThenFail() {
  const spy = vi.spyOn(await fileHandlePrototype(), "appendFile");
  spy.mockImplementation(async function (this: FileHandle, data) {
    const bytes = data as Uint8Array;
    await this.write(bytes, 0, bytes.length >> 1);
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  });
  onTestFinished(() => spy.mockRestore());
  return spy;
}

/** Finds the prototype of file handles: Node does not export the class. */
async function fileHandlePrototype(): Promise<FileHandle> {
  const handle = await open(new URL(import.meta.url));
  await handle.close();
  return Object.getPrototypeOf(handle);
}
