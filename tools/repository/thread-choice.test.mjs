/** Tests how many threads the native engine takes, with a clock and commands of our own making: packages/engine-native/test/choice.c. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADDON, compileProgram, KERNEL } from "../native-engine/compile.mjs";
import { thisTarget } from "../native-engine/targets.mjs";
import { root } from "../pnpm.mjs";

const MS = 1e6;
const SECOND = 1000 * MS;
const isBuilt = existsSync(join(root, `packages/engine-native-${thisTarget()}/engine.node`));
/** A command of 2 ms on two threads, of 3.6 on one. */
const IDLE = { length: 5 * SECOND, all: 2 * MS, fewer: 3.6 * MS };
/** Another program has one of the two CPUs half of the time. A wait that took long keeps the next 75 commands from yielding. */
const NEIGHBOUR = { ...IDLE, all: 12 * MS, crowdedEvery: 76 };
/** Both CPUs are of one core. */
const ONE_CORE = { ...IDLE, all: 4 * MS };

describe.skipIf(!isBuilt)("threads (needs the native engine, and what has built it; npm run build:native)", () => {
  let folder;
  let program;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dnc-choice-"));
    program = join(folder, "choice.exe");
    const sources = [join(ADDON, "choice.c"), join(root, "packages/engine-native/test/choice.c")];
    await compileProgram(["-std=gnu11", "-O1", `-I${KERNEL}`, `-I${ADDON}`, ...sources, "-o", program]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /**
   * Runs phases one after the other.
   *
   * @returns of each the share of its time on all threads, that of trials, and its speed beside that of fewer threads.
   */
  function sharesOf(...phases) {
    const lines = phases.map(({ length, all, fewer, crowdedEvery = 0, hasAll = true, tenth = all }) =>
      [length, all, fewer, crowdedEvery, Number(hasAll), tenth].join(" "),
    );
    const { status, stdout } = spawnSync(program, { input: `${lines.join("\n")}\n`, encoding: "utf8" });
    expect(status).toBe(0);
    const rows = stdout.trim().split(/\r?\n/);
    expect(rows).toHaveLength(phases.length);
    return rows.map((row) => {
      const [onAll, inTrials, speed] = row.split(" ").map(Number);
      return { onAll, inTrials, speed };
    });
  }

  /** A phase or phases with times this many times as long. */
  const scaled = (factor, phases) =>
    phases.map(({ all, fewer, ...rest }) => ({ ...rest, all: factor * all, fewer: factor * fewer }));

  it("takes all while commands take as long as ever", () => {
    expect(sharesOf(IDLE)).toMatchObject([{ onAll: 1, inTrials: 0 }]);
    expect(sharesOf({ ...IDLE, all: 2 * SECOND, length: 60 * SECOND })).toMatchObject([{ onAll: 1, inTrials: 0 }]);
  });

  it("takes all in spite of an interruption now and then", () => {
    const [, , later] = sharesOf(IDLE, { ...IDLE, length: 60 * MS, all: 60 * MS }, IDLE);
    expect(later.onAll).toBe(1);
    for (const factor of [1, 20])
      expect(sharesOf(...scaled(factor, [{ ...IDLE, length: 100 * SECOND, crowdedEvery: 400 }]))[0].onAll).toBe(1);
  });

  it("takes fewer within some tenths of a second when another program comes, and tries all now and then", () => {
    const [, first, later] = sharesOf(IDLE, { ...NEIGHBOUR, length: SECOND }, { ...NEIGHBOUR, length: 60 * SECOND });
    expect(first.onAll).toBeLessThan(0.3);
    expect(later.onAll).toBeLessThan(0.02);
    expect(later.inTrials).toBeGreaterThan(0.002);
    expect(later.speed).toBeGreaterThan(0.98);
  });

  it("takes all within two seconds after the other program has gone", () => {
    const [, , recovering, recovered] = sharesOf(IDLE, NEIGHBOUR, { ...IDLE, length: 2.2 * SECOND }, IDLE);
    expect(recovering.onAll).toBeGreaterThan(0.02);
    expect(recovered).toMatchObject({ onAll: 1, inTrials: 0 });
  });

  it("takes all if they are faster, although they were faster still before", () => {
    const slower = { ...IDLE, all: 3.2 * MS };
    const [, , , later] = sharesOf(IDLE, NEIGHBOUR, slower, slower);
    expect(later).toMatchObject({ onAll: 1, inTrials: 0 });
  });

  it("notices another program that was there from the start, by threads that wait", () => {
    const [first, later] = sharesOf({ ...NEIGHBOUR, length: 3 * SECOND }, { ...NEIGHBOUR, length: 60 * SECOND });
    expect(first.onAll).toBeGreaterThan(0.4);
    expect(later.onAll).toBeLessThan(0.02);
  });

  it("notices such a program sooner by commands that it did not disturb", () => {
    expect(sharesOf({ ...NEIGHBOUR, tenth: IDLE.all, length: SECOND })[0].onAll).toBeLessThan(0.5);
    expect(sharesOf({ ...IDLE, tenth: 0.9 * MS })[0].onAll).toBe(1);
  });

  it.each([20, 500])("loses little beside another program where commands take %i times as long", (factor) => {
    const long = { ...NEIGHBOUR, length: 600 * SECOND };
    const [, , later] = sharesOf(...scaled(factor, [IDLE, long, long]));
    expect(later.speed).toBeGreaterThan(0.9);
    expect(later.inTrials).toBeGreaterThan(0);
  });

  it("waits in a trial for a virtual machine's host that gives each thread a core of its own again", () => {
    const moved = [{ ...ONE_CORE, length: 0.4 * SECOND }, IDLE];
    const [, , placed, after] = sharesOf(IDLE, { ...NEIGHBOUR, length: 60 * MS }, ...moved);
    expect(placed.inTrials).toBeGreaterThan(0.5);
    expect(after.onAll).toBe(1);
    expect(after.inTrials).toBeLessThan(0.02);
  });

  it.each([1, 1.1, 1.2, 1.3, 1.6, 3])("loses little where all threads take %f times as long", (factor) => {
    const [, later] = sharesOf(IDLE, { ...IDLE, all: factor * IDLE.fewer, length: 60 * SECOND });
    expect(later.onAll - later.inTrials).toBeLessThan(0.003);
    expect(later.speed).toBeGreaterThan(0.95);
  });

  it("ends a trial for which there are no threads", () => {
    const [, , later] = sharesOf(IDLE, NEIGHBOUR, { ...NEIGHBOUR, hasAll: false, length: 60 * SECOND });
    expect(later.inTrials).toBeGreaterThan(0.1);
    expect(later.inTrials).toBeLessThan(0.25);
  });
});
