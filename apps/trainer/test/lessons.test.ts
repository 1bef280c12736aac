/** Runs with lessons: their settings, their errors, and that they resume to the last bit. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dnc } from "./commands/saved-run.js";
import { SMALL, temporaryFolder } from "./support.js";
import { dncTrain, remains } from "./train-in-process.js";

const ITERATIONS = 14;
const SIZES = Object.entries(SMALL).map(([name, value]) => `--${name}=${value}`);
const SHORT = ["--seed=5", "--backend=cpu", "--report_interval=4"];
const LESSONS = [{ max_patterns: 1, max_length: 2 }, { max_patterns: 2 }, {}];
/** Passes the first lesson at iteration 3 or soon after, and not all within the test. */
const PROMOTION = { metric: "loss", at_most: 7, every: 3, earlier: 0.2, all: 0.1 };
const TASK = { task: "big-repeat-copy", max_length: 3, task_flags: { max_patterns: 3 } };

/** Writes a config file with lessons and returns its path. */
function configFile(config: object = {}, folder = temporaryFolder()): string {
  const path = join(folder, "lessons.json");
  writeFileSync(path, JSON.stringify({ ...TASK, lessons: LESSONS, promotion: PROMOTION, ...config }));
  return path;
}

const metricsOf = (run: string) =>
  readFileSync(join(run, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
const configOf = (run: string) => JSON.parse(readFileSync(join(run, "config.json"), "utf8"));

/** Trains in a new folder with a config file; returns the folder and what was said. */
async function trained(config: object = {}, ...words: readonly string[]) {
  const run = join(temporaryFolder(), "run");
  const args = [...SIZES, ...SHORT, `--num_training_iterations=${ITERATIONS}`, `--checkpoint_dir=${run}`];
  return { run, ...(await dnc("train", `--config=${configFile(config)}`, ...args, ...words)) };
}

describe("a run with lessons", () => {
  it("says where it is in them, and records that", async () => {
    const { run, status, stdout } = await trained();
    expect(status).toBe(0);
    expect(stdout).toContain("lessons  3, each until loss is at most 7, decided every 3 iterations\n");
    const passed = [...stdout.matchAll(/^lesson (\d) of 3 passed after iteration (\d+): loss (\d\.\d{4})$/gm)];
    expect(passed.length).toBeGreaterThan(0);
    expect(passed.length).toBeLessThan(3);
    const { lessons, promotion } = configOf(run);
    expect([lessons, promotion]).toEqual([LESSONS, PROMOTION]);
    for (const { step, lesson, lesson_began } of metricsOf(run)) {
      const before = passed.filter(([, , at]) => Number(at) < step);
      expect([lesson, lesson_began]).toEqual([before.length + 1, Number(before.at(-1)?.[2] ?? 0)]);
      expect(stdout).toContain(`iteration ${step}/${ITERATIONS}: lesson ${lesson}/3, loss `);
    }
  });

  it("is bit-identical to an uninterrupted run, wherever it is stopped", async () => {
    const { run } = await trained();
    const expected = remains(run, ITERATIONS);
    expect(expected.state.lessons.passed.length).toBeGreaterThan(0);
    for (const step of [1, 2, 3, 4, 5, 7, 9, 10, 13]) {
      const { run: stopped } = await trained({}, `--num_training_iterations=${step}`);
      // By its folder, or with all its settings again.
      if (step % 2 === 0) await dncTrain({ resume: stopped, num_training_iterations: String(ITERATIONS) });
      else expect((await resumed(stopped)).status).toBe(0);
      expect(remains(stopped, ITERATIONS)).toEqual(expected);
    }
  });

  it("decides on new sequences if it has to, also to the last bit", async () => {
    const promotion = { metric: "exact match", at_least: 0.01, every: 4, sequences: 6 };
    const { run } = await trained({ promotion });
    const { run: stopped } = await trained({ promotion }, "--num_training_iterations=6");
    await dncTrain({ resume: stopped, num_training_iterations: String(ITERATIONS) });
    expect(remains(stopped, ITERATIONS)).toEqual(remains(run, ITERATIONS));
  });

  it("is evaluated and repeated on its own task", async () => {
    const { run } = await trained();
    const { stdout } = await dnc("eval", run, "--sequences=4", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ max_length: 3, sequences: 4 });
    const again = join(temporaryFolder(), "run");
    const args = [`--config=${join(run, "config.json")}`, `--checkpoint_dir=${again}`];
    expect((await dnc("train", ...args)).status).toBe(0);
    expect(remains(again, ITERATIONS)).toEqual(remains(run, ITERATIONS));
  });

  it("has a page that shows the lessons and where they began", async () => {
    const { run } = await trained();
    expect((await dnc("report", run, "--sequences=2")).status).toBe(0);
    const page = readFileSync(join(run, "report.html"), "utf8");
    expect(page).toContain(`--config=${run}/config.json`);
    expect(page).toContain("max_patterns 1, max_length 2");
    const [{ lesson_began: began }] = metricsOf(run).filter(({ lesson }) => lesson === 2);
    expect(page).toContain(`lesson 2 from iteration ${began}`);
  });

  it("refuses to resume with other lessons or without", async () => {
    const { run } = await trained({}, "--num_training_iterations=2");
    const other = await resumed(run, { lessons: [{}] });
    expect([other.status, other.stderr]).toEqual([
      2,
      expect.stringMatching(/ {2}lessons {2}\[.*\] recorded, \[\{\}\] requested/),
    ]);
    const without = await dnc("train", `--resume=${run}`, "--no_lessons", "--num_training_iterations=4");
    expect(without.stderr).toMatch(/ {2}lessons {4}\[.*\] recorded, undefined requested\n {2}promotion {2}\{/);
  });
});

/** Resumes a run with all its settings. */
function resumed(run: string, config: object = {}) {
  const args = [...SIZES, ...SHORT, `--num_training_iterations=${ITERATIONS}`, `--checkpoint_dir=${run}`];
  return dnc("train", `--config=${configFile(config)}`, ...args);
}

describe("--no_lessons", () => {
  it("trains on the task itself, as without lessons", async () => {
    const { run, stdout } = await trained({}, "--no_lessons");
    expect(stdout).not.toContain("lesson ");
    expect(Object.keys(configOf(run))).not.toContain("lessons");
    const { run: plain } = await trained({ lessons: undefined, promotion: undefined });
    expect(remains(run, ITERATIONS)).toEqual(remains(plain, ITERATIONS));
    const { run: taught } = await trained({}, "--no_lessons=false");
    expect(configOf(taught).lessons).toEqual(LESSONS);
  });
});

describe("wrong lessons", () => {
  it.each<[object, string]>([
    [{ lessons: [] }, "lessons: expected an array of at least one object of flags and their values, got []"],
    [{ lessons: [{ a: {} }] }, "lessons: expected an array of at least one object of flags and their values, got "],
    [{ promotion: 3 }, "promotion: expected an object of names and values, got 3"],
    [{ lessons: undefined }, "promotion: expected only with lessons, got it without"],
    [{ promotion: undefined }, "lessons: expected a promotion with them, got none"],
    [{ lessons: [{}, { hidden_size: 3 }] }, "lessons[1]: expected settings of the task, got hidden_size"],
    [{ lessons: [{ task: "copy" }] }, "lessons[0]: expected settings of the task, got task"],
    [{ lessons: [{ max_length: 0 }] }, "lessons[0]: max_length: expected an integer of at least 1, got 0"],
    [{ lessons: [{ min_length: 4 }] }, "lessons[0]: --min_length: expected at most max_length (3), got 4"],
    [
      { lessons: [{ max_paterns: 4 }] },
      "lessons[0]: task big-repeat-copy does not have the flag --max_paterns; did you mean --max_patterns?",
    ],
    [{ lessons: [{}, { num_bits: 3 }] }, "lessons[1].input_size: expected 3 as in the first lesson, got 4"],
    [{ lessons: [{ num_bits: 3 }] }, "lessons[0]: expected the input size of the run's task (3), got 4"],
    [{ promotion: { at_least: 2 } }, "promotion.at_least: expected a number above 0 and at most 1, got 2"],
    [
      { promotion: { at_leats: 0.9 } },
      'promotion: expected metric, at_least, at_most, every, sequences, earlier, up_to_current, all, got "at_leats"',
    ],
    [
      { promotion: { at_least: 0.9, up_to_current: 2 } },
      "promotion.up_to_current: expected a number from 0 to 1, got 2",
    ],
    [
      { task: "copy", task_flags: undefined, lessons: [{ max_repeats: 1 }] },
      "lessons[0]: expected settings of the task, got max_repeats",
    ],
    [
      { task: "copy", task_flags: undefined, lessons: [{ max_patterns: 1 }] },
      "lessons[0]: expected settings of the task, got max_patterns",
    ],
    [
      { task: "copy", task_flags: undefined, lessons: [{ min_length: 4 }] },
      "lessons[0]: min_length: expected at most max_length (3), got 4",
    ],
  ])("are one sentence, before anything is written: %j", async (config, message) => {
    const { run, status, stderr, stdout } = await trained(config);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect([status, stdout, existsSync(run)]).toEqual([2, "", false]);
  });
});
