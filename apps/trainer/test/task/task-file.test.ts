/** Task files in a user's folder outside of the clone, through the command; needs the build. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support.js";
import { configOf, dnc, filesOf, killed, NETWORK, REVERSE, timeless, train, userFolder } from "./task-file-support.js";

describe("a task in a user's file", () => {
  it("prints to standard error, and may leave a timer, while its sizes are created at the same time", () => {
    const slow = `console.log("imported");
      setInterval(() => {}, 1000);
      ${REVERSE.replace("sampleSequence: (random) => {", 'sampleSequence: (random) => { console.log("sampled");')}`;
    const folder = userFolder(slow);
    expect(train(folder, "--num_training_iterations=1", "--max_length=2", "--checkpoint_dir=run").status).toBe(0);
    const traced = dnc(folder, "trace", "run", "--backend=cpu");
    expect(traced.stderr).toContain("sampled\n");
    expect(JSON.parse(traced.stdout)).toMatchObject({ format: "dnc-trace" });
    const reported = dnc(folder, "report", "run", "--sequences=1", "--backend=cpu");
    expect(reported.stderr).not.toContain("process.exit");
    expect(reported.status).toBe(0);
  });

  it("is trained, killed, resumed to the same bits, evaluated, traced and reported", async () => {
    const folder = userFolder(REVERSE);
    const file = join(folder, "my-task.mjs");
    const flags = ["--my-size", "2", "--seed=3", "--report_interval=100", "--checkpoint_interval=50"];
    const whole = train(folder, ...flags, "--num_training_iterations=400", "--checkpoint_dir=whole");
    expect({ status: whole.status, stderr: whole.stderr }).toEqual({ status: 0, stderr: "" });
    expect(whole.stdout).toMatch(/^task +reverse\/it: 3 inputs, 2 targets, 4 sequences per iteration$/m);
    expect(configOf(join(folder, "whole"))).toMatchObject({
      task: file,
      batch_size: 4,
      task_flags: { my_size: 2 },
      task_file: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), input_size: 3, target_size: 2 },
    });
    expect(configOf(join(folder, "whole"))).not.toHaveProperty("max_length");

    await killed(folder, "parts", ...flags, "--num_training_iterations=1000000");
    // From another folder: the run records the file's absolute path.
    const resumed = dnc(
      temporaryFolder(),
      "train",
      `--resume=${join(folder, "parts")}`,
      "--num_training_iterations=400",
    );
    expect({ status: resumed.status, stderr: resumed.stderr }).toEqual({ status: 0, stderr: "" });
    expect(filesOf(join(folder, "parts"), 400)).toEqual(filesOf(join(folder, "whole"), 400));
    expect(timeless(join(folder, "parts"))).toEqual(timeless(join(folder, "whole")));

    const run = join(folder, "parts");
    const scored = dnc(
      folder,
      "eval",
      run,
      "--json",
      "--sequences=9",
      "--min_length=2",
      "--max_length=6",
      "--backend=cpu",
    );
    expect(scored).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(scored.stdout)).toMatchObject({ task: "reverse/it", sequences: 9, min_length: 2, max_length: 6 });
    const traced = dnc(folder, "trace", run, "--length=5", "--backend=cpu");
    expect(traced).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(traced.stdout).quantities.observations.shape).toEqual([11, 1, 3]);
    const reported = dnc(folder, "report", run, "--max_length=2", "--sequences=2", "--backend=cpu");
    expect(reported).toMatchObject({ status: 0, stderr: "" });
    const page = readFileSync(join(run, "report.html"), "utf8");
    for (const words of [`--task=${file}`, "--my_size=2", "a flag of the task"]) expect(page).toContain(words);
    // Without a largest length there is no map of accuracy, but a page.
    expect(dnc(folder, "report", run, "--backend=cpu").status).toBe(0);
  });

  it("can be the task itself, in a run whose folder's name fits a file system", () => {
    const folder = userFolder(
      `${REVERSE.replace("export default async", "const create =")} export default create({});`,
    );
    expect(train(folder, "--num_training_iterations=2", "--seed=1", "--batch_size=3").status).toBe(0);
    const [name] = readdirSync(join(folder, "runs"));
    expect(name).toMatch(/^reverse-it-\d{8}-\d{6}-seed1$/);
    expect(configOf(join(folder, "runs", name))).toMatchObject({ batch_size: 3 });
    const { status, stderr } = dnc(folder, "eval", join("runs", name), "--max_length=3", "--backend=cpu");
    expect(status).toBe(2);
    expect(stderr).toBe(
      `dnc: --max_length: expected only with a task that has it, got it with ${join(folder, "my-task.mjs")}, which does not read it\n`,
    );
  });

  it("may change: the run says so and records it, and refuses other widths", () => {
    const folder = userFolder(REVERSE);
    const file = join(folder, "my-task.mjs");
    expect(train(folder, "--num_training_iterations=2", "--checkpoint_dir=run").status).toBe(0);
    const before = configOf(join(folder, "run")).task_file.sha256;
    writeFileSync(file, `${REVERSE}// changed`);
    const notice = `the task file ${file} has changed since the run recorded it: its SHA-256 was ${before.slice(0, 12)}..., is `;
    for (const command of ["eval", "trace", "report"]) {
      const { status, stderr } = dnc(folder, command, "run", "--backend=cpu");
      expect(status).toBe(0);
      expect(stderr.startsWith(`dnc: ${notice}`)).toBe(true);
    }
    const resumed = dnc(folder, "train", "--resume=run", "--num_training_iterations=4");
    expect(resumed.stdout).toContain(notice);
    const after = configOf(join(folder, "run"));
    expect(after.task_file.sha256).not.toBe(before);
    expect(after.changes).toEqual([
      { step: 2, from: { task_sha256: before }, to: { task_sha256: after.task_file.sha256 } },
    ]);
    expect(dnc(folder, "train", "--resume=run", "--num_training_iterations=5").stdout).not.toContain("has changed");

    writeFileSync(file, REVERSE.replace("my_size = 3", "my_size = 4"));
    const wider = dnc(folder, "train", "--resume=run");
    expect(wider).toMatchObject({ status: 2, stderr: `dnc: ${file}: inputSize: expected 4 as in the run, got 5\n` });
  });

  it("may be missing: every command says where it was, and the run resumes from another place", () => {
    const folder = userFolder(REVERSE);
    const file = join(folder, "my-task.mjs");
    expect(train(folder, "--num_training_iterations=2", "--checkpoint_dir=run").status).toBe(0);
    mkdirSync(join(folder, "moved"));
    renameSync(file, join(folder, "moved/task.mjs"));
    for (const args of [
      ["eval", "run"],
      ["trace", "run"],
      ["report", "run"],
      ["train", "--resume=run"],
    ])
      expect(dnc(folder, ...args)).toMatchObject({
        status: 2,
        stderr: `dnc: ${file}: expected the file of a task, got nothing there\n`,
      });
    for (const args of [
      ["eval", "run", "--sequences=2"],
      ["trace", "run"],
      ["report", "run"],
    ])
      expect(dnc(folder, ...args, "--task=moved/task.mjs", "--backend=cpu")).toMatchObject({ status: 0, stderr: "" });
    expect(configOf(join(folder, "run"))).toMatchObject({ task: file });
    writeFileSync(join(folder, "moved/other.mjs"), `${REVERSE}// changed`);
    const other = dnc(folder, "eval", "run", "--task=moved/other.mjs", "--sequences=2", "--backend=cpu");
    expect(other.stderr).toContain(
      `the task file ${join(folder, "moved/other.mjs")} has changed since the run recorded`,
    );
    expect(dnc(folder, "eval", "run", "--task=copy").stderr).toBe(
      'dnc: --task: expected the file of a task, such as ./my-task.mjs, got "copy"\n',
    );
    expect(dnc(folder, "train", ...NETWORK, "--num_training_iterations=1", "--checkpoint_dir=own").status).toBe(0);
    expect(dnc(folder, "trace", "own", "--task=moved/task.mjs").stderr).toBe(
      "dnc: --task: expected only with a run whose task is a file, got it with task repeat-copy\n",
    );
    expect(dnc(folder, "report", "run", "own", "--task=moved/task.mjs").stderr).toMatch(/^dnc: --task: /);
    const flags = ["--task=moved/task.mjs", "--num_training_iterations=3"];
    expect(dnc(folder, "train", "--resume=run", ...flags)).toMatchObject({ status: 0, stderr: "" });
    const moved = join(folder, "moved/task.mjs");
    expect(configOf(join(folder, "run"))).toMatchObject({ task: moved, changes: [{ step: 2, to: { task: moved } }] });
    expect(dnc(folder, "train", "--resume=run", "--num_training_iterations=4").status).toBe(0);
  });

  it("refuses other flags on resume, and flags that its function does not read", () => {
    const folder = userFolder(REVERSE);
    const file = join(folder, "my-task.mjs");
    expect(train(folder, "--my_size=2", "--num_training_iterations=2", "--checkpoint_dir=run").status).toBe(0);
    expect(dnc(folder, "train", "--resume=run", "--my_size=4").stderr).toMatch(
      /\n {2}my_size {2}2 recorded, 4 requested\n$/,
    );
    expect(train(folder, "--my_sise=2").stderr).toBe(
      `dnc: ${file}: does not read the flag --my_sise; did you mean --my_size?\n`,
    );
    expect(train(folder, "--colour").stderr).toBe(
      `dnc: ${file}: does not read the flag --colour; its function reads --my_size, --min_length, --max_length\n`,
    );
    expect(train(folder, "--num_bits=2").stderr).toContain("does not read the flag --num_bits; ");
    expect(dnc(folder, "train", "--my_size=2").stderr).toMatch(/^dnc: unknown flag "--my_size"/);
  });
});
