import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findCheckpoint, saveCheckpoint } from "../../src/node/index.js";
import { tensor } from "../files.js";

/** Number of file operations that still succeed, and whether all following ones fail or only one. */
const disk = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY, forGood: false, operations: 0 }));

const fails = vi.hoisted(() => () => {
  disk.operations++;
  return disk.left-- === 0 || (disk.forGood && disk.left < 0);
});
const noSpace = vi.hoisted(() => () => Object.assign(new Error("no space left on device"), { code: "ENOSPC" }));

vi.mock("node:fs", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:fs")>();
  const failing = <Operation extends (...args: never[]) => unknown>(operation: Operation) =>
    ((...args: Parameters<Operation>) => {
      if (fails()) throw noSpace();
      return operation(...args);
    }) as Operation;
  return {
    ...original,
    openSync: failing(original.openSync as never),
    writeSync: failing(original.writeSync as never),
    // Hundreds of real flushes take a minute.
    fsync: (_file: number, done: (error: Error | null) => void) => done(fails() ? noSpace() : null),
  };
});

vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:fs/promises")>();
  const failing = <Operation extends (...args: never[]) => Promise<unknown>>(operation: Operation) =>
    (async (...args: Parameters<Operation>) => {
      if (fails()) throw noSpace();
      return operation(...args);
    }) as Operation;
  const names = ["lstat", "mkdir", "readdir", "readFile", "rename", "rm"] as const;
  const open = async (...args: Parameters<typeof original.open>): Promise<FileHandle> => {
    const file = await original.open(...args);
    for (const name of ["read", "stat"] as const)
      Object.assign(file, { [name]: failing(file[name].bind(file) as never) });
    return file;
  };
  return {
    ...original,
    ...Object.fromEntries(names.map((name) => [name, failing(original[name] as never)])),
    open: failing(open),
  };
});

let place: string;

const contents = (step: number, loss: number, start = step) => ({
  model: [tensor("a", [3], start)],
  optimizer: [],
  state: { step, loss },
});

/** Reads the contents of a folder, by path. */
function held(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length), readFileSync(path, "latin1")]));
}

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "dnc-failures-"));
  for (const [step, loss] of [
    [100, 2],
    [200, 1],
    [300, 3],
  ] as const)
    await saveCheckpoint(join(place, "before"), contents(step, loss));
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Saves while the disk fails from one operation on. */
async function saveFailing(at: number, forGood: boolean, given: ReturnType<typeof contents>) {
  const folder = join(place, "during");
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(place, "before"), folder, { recursive: true });
  Object.assign(disk, { left: at, forGood, operations: 0 });
  const error = await saveCheckpoint(folder, given, { keep: 3 }).then(
    () => undefined,
    (reason) => reason,
  );
  const { operations } = disk;
  Object.assign(disk, { left: Number.POSITIVE_INFINITY, forGood: false });
  return { folder, error, operations };
}

describe.each([
  ["a new step that is the best", contents(400, 0.5)],
  ["a new step that is not the best", contents(400, 5)],
  ["a step that is there already", contents(300, 0.5, 7)],
  ["the best, replaced by a worse one", contents(200, 9, 7)],
])("a disk that fails while saving %s", (_, given) => {
  it("once: everything is unchanged, or the new checkpoint exists", async () => {
    const before = held(join(place, "before"));
    const { operations } = await saveFailing(Number.POSITIVE_INFINITY, false, given);
    expect(operations).toBeGreaterThan(30);
    let restored = 0;
    for (let at = 0; at < operations; at++) {
      const { folder, error } = await saveFailing(at, false, given);
      if (error === undefined) continue; // only the reading of an old state.json failed
      expect(error, `operation ${at}`).toMatchObject({ code: "ENOSPC" });
      const latest = readFileSync(join(folder, "latest"), "utf8");
      const found = await findCheckpoint(folder, String(given.state.step)).catch(() => undefined);
      const isNew = found?.model[0]?.values[0] === given.model[0]?.values[0];
      if (isNew && latest === `${found?.name}\n`) continue; // the removal of old ones failed
      expect(held(folder), `operation ${at}`).toEqual(before);
      restored++;
    }
    expect(restored).toBeGreaterThan(20);
  });

  it("permanently: the previous or the new checkpoint is found intact, and the next save cleans up", async () => {
    const { operations } = await saveFailing(Number.POSITIVE_INFINITY, false, given);
    for (let at = 0; at < operations; at++) {
      const { folder } = await saveFailing(at, true, given);
      const faults: string[] = [];
      const found = await findCheckpoint(folder, "latest", { onDamaged: ({ message }) => faults.push(message) });
      expect(faults, `operation ${at}`).toEqual([]);
      expect([300, given.state.step], `operation ${at}`).toContain(found?.step);
      const named = readFileSync(join(folder, "latest"), "utf8").trim();
      expect(await findCheckpoint(folder, named), `operation ${at}`).toMatchObject({ name: named });
      await saveCheckpoint(folder, contents(500, 4));
      expect(readdirSync(folder).filter((name) => name.startsWith(".") || name.endsWith(".new"))).toEqual([]);
    }
  });
});
