/** Tests how many threads the native engine takes, with a clock and commands of our own making: packages/engine-native/test/choice.c. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADDON, KERNEL } from "../native-engine/compile.mjs";
import { findCompiler } from "../native-engine/compiler.mjs";
import { thisTarget } from "../native-engine/targets.mjs";
import { root } from "../pnpm.mjs";
import { run } from "../process.mjs";

const MS = 1e6;
const SECOND = 1000 * MS;
const isBuilt = existsSync(join(root, `packages/engine-native-${thisTarget()}/engine.node`));
/** A command of 2 ms on two threads, of 3.6 on one. */
const IDLE = { length: 5 * SECOND, all: 2 * MS, fewer: 3.6 * MS };
/** Another program has one of the two CPUs half of the time. */
const NEIGHBOUR = { ...IDLE, all: 12 * MS, crowded: true };
/** Both CPUs are of one core. */
const ONE_CORE = { ...IDLE, all: 4 * MS };

describe.skipIf(!isBuilt)("threads (needs the native engine; npm run build:native)", () => {
  let folder;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dnc-choice-"));
    const { command, kind } = await findCompiler(false);
    const compiler = kind === "zig" ? [...command, "cc"] : command;
    const sources = [join(ADDON, "choice.c"), join(root, "packages/engine-native/test/choice.c")];
    const { status, output } = await run([
      ...compiler,
      ...["-std=gnu11", "-O1", `-I${KERNEL}`, `-I${ADDON}`, ...sources, "-o", join(folder, "choice")],
    ]);
    expect(status, output).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs phases one after the other. @returns of each the share of its time on all threads, and that of trials. */
  function sharesOf(...phases) {
    const lines = phases.map(({ length, all, fewer, crowded = false, hasAll = true }) =>
      [length, all, fewer, Number(crowded), Number(hasAll)].join(" "),
    );
    const { status, stdout } = spawnSync(join(folder, "choice"), { input: `${lines.join("\n")}\n`, encoding: "utf8" });
    expect(status).toBe(0);
    const rows = stdout.trim().split("\n");
    expect(rows).toHaveLength(phases.length);
    return rows.map((row) => {
      const [onAll, inTrials] = row.split(" ").map(Number);
      return { onAll, inTrials };
    });
  }

  it("takes all while commands take as long as ever", () => {
    expect(sharesOf(IDLE)).toEqual([{ onAll: 1, inTrials: 0 }]);
    expect(sharesOf({ ...IDLE, all: 2 * SECOND, length: 60 * SECOND })).toEqual([{ onAll: 1, inTrials: 0 }]);
  });

  it("takes all after one command that took long", () => {
    const [, hiccup, after] = sharesOf(IDLE, { ...IDLE, length: 60 * MS, all: 60 * MS, crowded: true }, IDLE);
    expect([hiccup, after]).toEqual([expect.anything(), { onAll: 1, inTrials: 0 }]);
    expect(hiccup.onAll).toBe(1);
  });

  it("takes fewer within some tenths of a second when another program comes, and tries all now and then", () => {
    const [, first, later] = sharesOf(
      IDLE,
      { ...NEIGHBOUR, length: 0.5 * SECOND },
      { ...NEIGHBOUR, length: 60 * SECOND },
    );
    expect(first.onAll).toBeLessThan(0.5);
    expect(later.onAll).toBeLessThan(0.025);
    expect(later.inTrials).toBeGreaterThan(0.002);
  });

  it("takes all within two seconds after the other program has gone", () => {
    const [, , recovering, recovered] = sharesOf(IDLE, NEIGHBOUR, { ...IDLE, length: 2.2 * SECOND }, IDLE);
    expect(recovering.onAll).toBeGreaterThan(0.02);
    expect(recovered).toEqual({ onAll: 1, inTrials: 0 });
  });

  it("takes all if they are faster, although they were faster still before", () => {
    const slower = { ...IDLE, all: 3.2 * MS };
    const [, , , later] = sharesOf(IDLE, NEIGHBOUR, slower, slower);
    expect(later).toEqual({ onAll: 1, inTrials: 0 });
  });

  it("notices another program that was there from the start, by threads that wait", () => {
    const [first, later] = sharesOf({ ...NEIGHBOUR, length: 2 * SECOND }, { ...NEIGHBOUR, length: 60 * SECOND });
    expect(first.onAll).toBeGreaterThan(0.4);
    expect(later.onAll).toBeLessThan(0.03);
  });

  it("waits in a trial for a virtual machine's host that gives each thread a core of its own again", () => {
    const moved = [{ ...ONE_CORE, length: 0.4 * SECOND }, IDLE];
    const [, , placed, after] = sharesOf(IDLE, { ...NEIGHBOUR, length: 60 * MS }, ...moved);
    expect(placed.inTrials).toBeGreaterThan(0.8);
    expect(after.onAll).toBe(1);
    expect(after.inTrials).toBeLessThan(0.02);
  });

  it("loses little where both threads never have a core of their own", () => {
    const [, later] = sharesOf(IDLE, { ...ONE_CORE, length: 60 * SECOND });
    expect(later.onAll).toBeLessThan(0.25);
    expect(later.onAll - later.inTrials).toBeLessThan(0.002);
  });

  it("ends a trial for which there are no threads", () => {
    const [, , later] = sharesOf(IDLE, NEIGHBOUR, { ...NEIGHBOUR, hasAll: false, length: 60 * SECOND });
    expect(later.inTrials).toBeGreaterThan(0.1);
    expect(later.inTrials).toBeLessThan(0.25);
  });
});
