/** `--babi_source=generated`: stories without files, trained on, resumed, measured, and refused with what does not go with them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { generateBabiStories } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { dnc } from "../commands/saved-run.js";
import { temporaryFolder } from "../support.js";
import { babiTask, folderOf } from "./babi-folder.js";

/** Creates a folder whose files have generated stories of task 1: all its words. */
function filesOfTask1(): string {
  const text = (seed: number) =>
    generateBabiStories({ task: 1, stories: 100, seed })
      .flatMap((story) =>
        story.map(({ words, answer }, index) => [`${index + 1} ${words.join(" ")}`, ...(answer ?? [])].join("\t")),
      )
      .join("\n");
  return folderOf({ "qa1_one_train.txt": text(8), "qa1_one_test.txt": text(9) });
}

describe("generated stories", () => {
  it("have the same words as files", async () => {
    const files = await babiTask({ babi_dir: filesOfTask1(), babi_task: 1 });
    const generated = await babiTask({ babi_source: "generated", babi_task: 1 });
    expect(generated.words).toEqual(files.words);
  });
});

describe("dnc", () => {
  const network = "--hidden_size=8 --memory_size=4 --word_size=4 --num_read_heads=1 --seed=1 --backend=cpu".split(" ");
  const short = "--batch_size=4 --report_interval=2 --checkpoint_interval=2".split(" ");

  it("trains without files, resumes and grades, also on the files", async () => {
    const run = join(temporaryFolder(), "run");
    const args = ["train", "--preset=babi-1-generated", ...network, ...short, `--checkpoint_dir=${run}`];
    const trained = await dnc(...args, "--num_training_iterations=2");
    expect([trained.status, trained.stderr]).toEqual([0, ""]);
    const { task, task_flags: flags } = JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
    expect([task, flags]).toMatchObject(["babi", { babi_source: "generated", babi_task: "1" }]);
    expect(flags).not.toHaveProperty("babi_dir");
    const resumed = await dnc("train", `--resume=${run}`, "--num_training_iterations=4");
    expect([resumed.status, resumed.stderr]).toEqual([0, ""]);
    expect(existsSync(join(run, "checkpoints/step-00000004"))).toBe(true);
    const changed = await dnc("train", `--resume=${run}`, "--babi_source=files", "--num_training_iterations=6");
    expect(changed.status).toBe(2);
    expect((await dnc("eval", run)).status).toBe(0);
    const graded = JSON.parse((await dnc("grade", run, "--json")).stdout);
    expect(graded).toMatchObject({ criteria: [{ metric: "question error", sequences: 1000 }] });
    const onFiles = JSON.parse((await dnc("grade", run, `--babi_dir=${filesOfTask1()}`, "--json")).stdout);
    expect(onFiles).toMatchObject({ criteria: [{ metric: "question error", sequences: 100 }] });
  });

  it.each([
    [
      ["--babi_task=1", "--babi_dir=here"],
      "--babi_dir: expected only with babi_source=files, got it with babi_source=generated",
    ],
    [
      ["--babi_task=1,14"],
      "--babi_task: expected some of 1,2,3,4,5,6,7,8,9,10,11,12,13,15,16,19,20 with babi_source=generated, got task 14 among them",
    ],
    [
      [],
      "--babi_task: expected some of 1,2,3,4,5,6,7,8,9,10,11,12,13,15,16,19,20 with babi_source=generated, got task 14 among them",
    ],
    [["--babi_task=1", "--babi_words=1,17"], "--babi_words: expected some of 1,2,3"],
    [["--babi_task=1", "--babi_source=web"], "--babi_source: expected one of files, generated, got web"],
  ])("refuses %j in one sentence, before anything is written", async (given, message) => {
    const run = join(temporaryFolder(), "run");
    const flags = ["--task=babi", "--babi_source=generated", ...network, `--checkpoint_dir=${run}`];
    const { status, stderr } = await dnc("train", ...flags, ...given);
    const line = stderr.trimEnd();
    expect([status, line.split("\n")]).toEqual([2, [line]]);
    expect(line.startsWith(`dnc: ${message}`), line).toBe(true);
    expect(existsSync(run)).toBe(false);
  });
});
