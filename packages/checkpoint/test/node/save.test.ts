import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findCheckpoint, loadCheckpoint, saveCheckpoint, stepName } from "../../src/node/index.js";
import { defaultNetwork, tensor } from "../files.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dnc-save-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const contents = (step: number, loss?: number) => ({
  model: [tensor("a", [3], step)],
  optimizer: [tensor("ms/a", [3], step + 1)],
  state: { step, ...(loss !== undefined && { loss }) },
});

/** Saves steps 100, 200, ... sequentially, with these losses. */
async function save(...losses: (number | undefined)[]): Promise<void> {
  for (const [index, loss] of losses.entries()) await saveCheckpoint(folder, contents(100 * (index + 1), loss));
}

const pointer = (name: string) => readFileSync(join(folder, name), "utf8");
const steps = () => readdirSync(folder).filter((name) => name.startsWith("step-"));

describe("saveCheckpoint", () => {
  it("writes a folder that loadCheckpoint reads back, and latest names it", async () => {
    const path = await saveCheckpoint(join(folder, "new", "checkpoints"), contents(100));
    expect(path).toBe(join(folder, "new", "checkpoints", "step-00000100"));
    expect(await loadCheckpoint(path)).toEqual({ step: 100, ...contents(100) });
    expect(readdirSync(path).sort()).toEqual(["model.safetensors", "optimizer.safetensors", "state.json"]);
    expect(readdirSync(join(path, "..")).sort()).toEqual(["latest", "step-00000100"]);
    expect(readFileSync(join(path, "..", "latest"), "utf8")).toBe("step-00000100\n");
  });

  it("saves the contents as they were when it was called", async () => {
    const given = contents(100);
    const random = { words: [1, 2] };
    const saving = saveCheckpoint(folder, { ...given, state: { ...given.state, random } });
    given.model[0]?.values.fill(9);
    given.optimizer.length = 0;
    random.words[0] = 9;
    expect(await loadCheckpoint(await saving)).toEqual({
      step: 100,
      ...contents(100),
      state: { step: 100, random: { words: [1, 2] } },
    });
  });

  it("keeps the newest and the best", async () => {
    for (const [step, loss] of [1, 0.1, 3, 4, 5, 6].entries())
      await saveCheckpoint(folder, contents(step, loss), { keep: 2 });
    expect(steps()).toEqual([1, 4, 5].map(stepName));
    expect(pointer("best")).toBe("step-00000001\n");
    await saveCheckpoint(folder, contents(6, 0.05), { keep: 1 });
    expect(readdirSync(folder).sort()).toEqual(["best", "latest", "step-00000006"]);
  });

  it("keeps five by default, and no best without a loss", async () => {
    await save(...Array<undefined>(7));
    expect(steps()).toEqual([300, 400, 500, 600, 700].map(stepName));
    expect(readdirSync(folder)).not.toContain("best");
  });

  it("treats the earlier of two equal losses as the best", async () => {
    await save(1, 0.5, 0.5);
    expect(pointer("best")).toBe("step-00000200\n");
    rmSync(join(folder, "best"));
    await saveCheckpoint(folder, contents(400, 7));
    expect(pointer("best")).toBe("step-00000200\n");
  });

  it("removes later steps, except the best, once an earlier one is saved again", async () => {
    await save(5, 4, 1, 2);
    await saveCheckpoint(folder, contents(150, 6));
    expect(steps()).toEqual([100, 150, 300].map(stepName));
    expect(pointer("latest")).toBe("step-00000150\n");
  });

  it("replaces a checkpoint of the same step, damaged or not", async () => {
    await save(1, 2);
    writeFileSync(join(folder, stepName(200), "model.safetensors"), "");
    await saveCheckpoint(folder, { ...contents(200, 3), model: [tensor("other", [1])] });
    expect(await findCheckpoint(folder)).toMatchObject({ step: 200, model: [tensor("other", [1])] });
    const aside = `${stepName(200)}.aside`;
    expect(readdirSync(folder).sort()).toEqual(["best", "latest", stepName(100), stepName(200), aside]);
    await saveCheckpoint(folder, contents(200, 3));
    writeFileSync(join(folder, stepName(200), "state.json"), "");
    await saveCheckpoint(folder, contents(200, 3));
    const all = ["best", "latest", stepName(100), stepName(200), aside, `${aside}-2`];
    expect(readdirSync(folder).sort()).toEqual(all);
    expect(readFileSync(join(folder, aside, "model.safetensors"), "utf8")).toBe("");
  });

  it("deletes and counts only what is intact", async () => {
    await save(5, 4, 3, 2, 1);
    const at = (step: number, file: string) => join(folder, stepName(step), file);
    truncateSync(at(200, "model.safetensors"), 9);
    const later = readFileSync(at(400, "state.json"), "utf8").replace('"version": 1', '"version": 2');
    writeFileSync(at(400, "state.json"), later);
    mkdirSync(join(folder, stepName(350)));
    symlinkSync(stepName(100), join(folder, stepName(360)));
    await saveCheckpoint(folder, contents(600, 9), { keep: 2 });
    // The two intact ones, including the best, and all that cannot be opened.
    expect(steps()).toEqual([200, 350, 360, 400, 500, 600].map(stepName));
    await saveCheckpoint(folder, contents(700, 9), { keep: 1 });
    expect(steps()).toEqual([200, 350, 360, 400, 500, 700].map(stepName));
    await saveCheckpoint(folder, contents(100, 9), { keep: 1 });
    expect(steps()).toEqual([100, 200, 350, 360, 400, 500].map(stepName));
    expect(readFileSync(at(400, "state.json"), "utf8")).toBe(later);
  });

  it("saves even if the best cannot be read, which stays the best", async () => {
    await save(5, 1, 4);
    const state = join(folder, stepName(200), "state.json");
    writeFileSync(state, readFileSync(state, "utf8").replace('"version": 1', '"version": 2'));
    await saveCheckpoint(folder, contents(400, 0.5), { keep: 1 });
    expect(pointer("best")).toBe("step-00000200\n");
    expect(steps()).toEqual([200, 400].map(stepName));
  });

  it("supports steps of more than eight digits", async () => {
    for (const step of [99_999_999, 100_000_000, 100_000_001, 2 ** 53 - 1])
      await saveCheckpoint(folder, contents(step, 1), { keep: 2 });
    expect(steps().sort()).toEqual(["step-100000001", "step-9007199254740991", "step-99999999"]);
    expect(await findCheckpoint(folder)).toMatchObject({ step: 2 ** 53 - 1 });
    expect(await findCheckpoint(folder, "100000001")).toMatchObject({ name: "step-100000001" });
    expect(await findCheckpoint(folder, "best")).toMatchObject({ step: 99_999_999 });
  });

  it("searches for the best again if it is missing, damaged or replaced by a worse one", async () => {
    await save(3, 1, 2);
    rmSync(join(folder, "best"));
    await saveCheckpoint(folder, contents(400, 5));
    expect(pointer("best")).toBe("step-00000200\n");
    writeFileSync(join(folder, "best"), "../nonsense");
    await saveCheckpoint(folder, contents(500, 6));
    expect(pointer("best")).toBe("step-00000200\n");
    writeFileSync(join(folder, stepName(200), "state.json"), "{}");
    await saveCheckpoint(folder, contents(500, 6));
    expect(pointer("best")).toBe("step-00000300\n");
    await saveCheckpoint(folder, contents(300, 9));
    expect(pointer("best")).toBe("step-00000100\n");
  });

  it("removes temporary files of a killed process, and restores checkpoints that it had renamed", async () => {
    await save(1, 2);
    for (const name of [".step-00000300.new", ".step-00000100.old", ".step-00000050.removed"]) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "model.safetensors"), "half");
    }
    writeFileSync(join(folder, ".dnc-01234567-89ab-cdef-0123-456789abcdef.new"), "step");
    for (const name of ["latest.new", ".step-00000400.new", ".step-400.old"])
      writeFileSync(join(folder, name), "someone's");
    execFileSync("mv", [join(folder, stepName(200)), join(folder, ".step-00000200.old")]);
    expect(await findCheckpoint(folder)).toMatchObject({ name: stepName(200), step: 200 });
    await saveCheckpoint(folder, contents(300));
    const others = [".step-00000400.new", ".step-400.old", "best", "latest", "latest.new"];
    expect(readdirSync(folder).sort()).toEqual([...others, ...[100, 200, 300].map(stepName)]);
    expect(await findCheckpoint(folder, "200")).toMatchObject({ step: 200 });
  });

  it("saves to one folder sequentially, even after a failure", async () => {
    const saving = [100, 200, 300].map((step) => saveCheckpoint(folder, contents(step)));
    saving.push(saveCheckpoint(folder, { ...contents(400), state: { step: 400, long: "x".repeat(2 ** 22) } }));
    saving.push(saveCheckpoint(folder, contents(500)));
    const settled = await Promise.allSettled(saving);
    expect(settled.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(steps()).toEqual([100, 200, 300, 500].map(stepName));
    expect(pointer("latest")).toBe("step-00000500\n");
  });

  it.each([
    [{ step: -1 }, {}, RangeError, "step: expected an integer from 0 to 9007199254740991, got -1"],
    [{ step: 2 ** 53 }, {}, RangeError, "step: expected an integer from 0 to 9007199254740991, got 9007199254740992"],
    [{ step: 1.5 }, {}, RangeError, "step: expected an integer from 0 to 9007199254740991, got 1.5"],
    [{ step: "1" }, {}, TypeError, 'step: expected a number, got "1"'],
    [{ step: 1, a: [Number.NaN] }, {}, TypeError, "state.a[0]: expected plain JSON, got NaN"],
    [{ step: 1, a: undefined }, {}, TypeError, "state.a: expected plain JSON, got undefined"],
    [{ step: 1, sha256: {} }, {}, RangeError, 'state: expected other keys than "sha256", which is reserved'],
    [{ step: 1 }, { keep: 0 }, RangeError, "keep: expected an integer of at least 1, got 0"],
    [{ step: 1 }, { keep: 1.5 }, RangeError, "keep: expected an integer of at least 1, got 1.5"],
  ] as [{ step: number }, object, ErrorConstructor, string][])(
    "refuses %o %o",
    async (state, options, error, message) => {
      const saving = saveCheckpoint(join(folder, "none"), { ...contents(1), state }, options);
      await expect(saving).rejects.toThrow(new error(message));
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it("hardly blocks the calling thread", async () => {
    const network = defaultNetwork();
    const given = { model: network, optimizer: network };
    const held: number[] = [];
    for (let step = 1; step <= 5; step++) {
      const start = performance.now();
      const saving = saveCheckpoint(folder, { ...given, state: { step, loss: 1 } });
      held.push(performance.now() - start);
      await saving;
    }
    expect(Math.min(...held)).toBeLessThan(10);
  });

  it.skipIf(!canMount())("changes nothing if the disk is full (needs root and mount)", async () => {
    mount(folder);
    try {
      await save(1, 2);
      const before = readdirSync(folder).sort();
      const large = { ...contents(300, 0.5), model: [tensor("a", [2 ** 19])] };
      await expect(saveCheckpoint(folder, large)).rejects.toMatchObject({ code: "ENOSPC" });
      expect(readdirSync(folder).sort()).toEqual(before);
      expect([pointer("latest"), pointer("best")]).toEqual(["step-00000200\n", "step-00000100\n"]);
      await saveCheckpoint(folder, contents(300, 0.5));
      expect(await findCheckpoint(folder)).toMatchObject({ step: 300 });
    } finally {
      unmount(folder);
    }
  });
});

function asRoot(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: "ignore" });
}

/** Mounts a disk of one mebibyte in memory. */
function mount(place: string): void {
  asRoot("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place);
}

function unmount(place: string): void {
  asRoot("umount", place);
}

function canMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), "dnc-mount-"));
  try {
    mount(place);
    unmount(place);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
