/** `--task=babi`: small files in bAbI's format, trained on, graded on the test stories, and refused. */
import { readFileSync, renameSync } from "node:fs";
import { join, relative } from "node:path";
import { type FlagValue, loadTask, type TaskFlags } from "@dnc/settings";
import { createRandom } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { readCommandLine } from "../../src/flags/command-line.js";
import { ratioOf } from "../../src/grade/measure-answers.js";
import { machine } from "../../src/machine.js";
import { dnc } from "../commands/saved-run.js";
import { sequenceTask, temporaryFolder } from "../support.js";
import { babiTask, folderOf, storiesText } from "./babi-folder.js";

/** Creates a folder with the files of tasks 1 and 2; task 3 has no training file, that of task 11 no question. */
function babiFolder(inside?: string): string {
  const train = Array.from({ length: 20 }, (_, index) => (index % 10 === 9 ? "cellar" : "hall"));
  const files = {
    "qa1_one_train.txt": storiesText(train),
    "qa1_one_test.txt": storiesText(["attic", "hall"]),
    "qa2_two_train.txt": storiesText(["garden"]),
    "qa2_two_test.txt": storiesText(["garden", "garden", "garden"]),
    "qa3_three_test.txt": storiesText(["garden"]),
    "qa11_eleven_train.txt": "1 Mary went home.\n",
    "qa11_eleven_test.txt": storiesText(["garden"]),
  };
  return folderOf(files, inside);
}

/** The answers of all stories of a set, in order. */
async function answersOf(folder: string, tasks: FlagValue, set: string): Promise<readonly (string | undefined)[]> {
  const task = await babiTask({ babi_dir: folder, babi_task: tasks, babi_set: set });
  return [...task.everyBatch()].flatMap((batch) =>
    task.render(batch, undefined, { wholeBatch: true }).match(/(?<=\? {2})\w+$/gm),
  ) as string[];
}

describe("the files of bAbI", () => {
  it.each(["", "en-10k", "tasks_1-20_v1-2/en-10k"])("are found in a folder, or in its folder %j", async (inside) => {
    const folder = babiFolder(inside);
    expect(await answersOf(folder, 1, "test")).toEqual(["attic", "hall"]);
  });

  it("train on nine stories of ten; the tenth validates", async () => {
    const folder = babiFolder();
    expect(await answersOf(folder, 1, "train")).toEqual(new Array(18).fill("hall"));
    expect(await answersOf(folder, 1, "validation")).toEqual(["cellar", "cellar"]);
    expect(await answersOf(folder, "1, 2", "test")).toEqual(["attic", "hall", "garden", "garden", "garden"]);
  });

  it("have the same words whatever set is read", async () => {
    const folder = babiFolder();
    const sets = ["train", "validation", "test"];
    const [train, ...others] = await Promise.all(
      sets.map((set) => babiTask({ babi_dir: folder, babi_task: 1, babi_set: set })),
    );
    expect(train?.words).toContain("attic");
    for (const other of others) expect(other.words).toEqual(train?.words);
  });

  it("know the words of other tasks, too, so that lessons fit one network", async () => {
    const folder = babiFolder();
    const [first, second, both] = await Promise.all(
      ["1", "2", "1,2"].map((tasks) => babiTask({ babi_dir: folder, babi_task: tasks, babi_words: "1,2" })),
    );
    expect(first?.words).toContain("garden");
    expect(second?.words).toEqual(first?.words);
    expect(second?.inputSize).toBe(both?.inputSize);
    expect(first?.description).toMatch(/^18 stories/);
  });

  it("are exchanged by groups of words", async () => {
    const exchange = "hall attic cellar, mary where";
    const of = (flags: TaskFlags) => babiTask({ babi_dir: babiFolder(), babi_task: 1, ...flags });
    const task = await of({ exchange });
    expect(task.render(task.sampleBatch(createRandom(2)))).not.toContain("mary went to the hall");
    const measured = await of({ babi_set: "validation", exchange });
    expect(measured.render(measured.sampleBatch(createRandom(2)))).toContain("mary went to the cellar");
    const plain = await of({});
    const none = await of({ exchange: "none" });
    const text = (each: typeof plain) => each.render(each.sampleBatch(createRandom(2)));
    expect(text(none)).toBe(text(plain));
  });

  it("give a task that is sampled, the folder recorded by its absolute path", async () => {
    const folder = babiFolder();
    const args = ["train", "--task=babi", "--babi_task=1", `--babi_dir=${relative(process.cwd(), folder)}`];
    const request = readCommandLine(args);
    if (request.command !== "train") throw new Error("expected dnc train");
    const { settings, source } = await loadTask(request.settings, { machine });
    expect(settings.task_flags).toEqual({ babi_task: 1, babi_dir: folder });
    const task = sequenceTask(await source.create({ batchSize: 3 }));
    expect(task.sampleBatch(createRandom(1))).toMatchObject({ batchSize: 3, timeSteps: 11 });
  });
});

describe("dnc", () => {
  const network = [
    "--hidden_size=8",
    "--memory_size=4",
    "--word_size=4",
    "--num_read_heads=1",
    "--seed=1",
    "--backend=cpu",
  ];

  it("trains on stories and grades the test stories, also where the folder is now", async () => {
    const folder = babiFolder();
    const run = join(temporaryFolder(), "run");
    const short = ["--num_training_iterations=60", "--report_interval=30", "--learning_rate=0.02", "--batch_size=4"];
    const trained = await dnc(
      "train",
      "--preset=babi-20",
      "--babi_task=1",
      `--babi_dir=${folder}`,
      ...network,
      ...short,
      `--checkpoint_dir=${run}`,
    );
    expect([trained.status, trained.stderr]).toEqual([0, ""]);
    expect(readFileSync(join(run, "samples/step-00000060.txt"), "utf8")).toMatch(
      /where is mary\? {2}hall {2}(right|wrong)/,
    );
    const graded = await dnc("grade", run, "--json");
    // Of the test stories one asks for a word that training never had as an answer.
    expect(JSON.parse(graded.stdout)).toMatchObject({
      passed: false,
      criteria: [{ metric: "question error", value: 0.5, standard_error: 0.5, sequences: 2 }],
    });
    renameSync(folder, `${folder}-moved`);
    const lost = await dnc("grade", run);
    expect([lost.status, lost.stderr]).toEqual([
      2,
      `dnc: --babi_dir: expected a folder with files such as qa1_single-supporting-fact_train.txt, or with en-10k, got ${folder}\n`,
    ]);
    const found = await dnc("grade", run, `--babi_dir=${folder}-moved`, "--json");
    expect(found.stdout).toBe(graded.stdout);
  });

  it.each([
    [
      ["--babi_task=1"],
      "--babi_dir: expected the folder of bAbI's files, such as tasks_1-20_v1-2, or babi_source=generated, got none",
    ],
    [["--babi_dir=nowhere"], /^dnc: --babi_dir: expected a folder with files such as .* got .*nowhere$/],
    [
      ["FOLDER", "--babi_task=21"],
      "--babi_task: expected different numbers from 1 to 20, separated by commas, or all, got 21",
    ],
    [["FOLDER", "--babi_task=1,1"], "--babi_task: expected different numbers"],
    [
      ["FOLDER", "--babi_task=1,2", "--babi_words=1"],
      "--babi_words: expected task 2 among them, as in babi_task, got 1",
    ],
    [["FOLDER", "--babi_task=1", "--babi_words=0"], "--babi_words: expected different numbers from 1 to 20"],
    [["FOLDER", "--babi_task=3"], /^dnc: --babi_dir: expected a file qa3_\.\.\._train\.txt in .*en-10k, found none$/],
    [["FOLDER"], /^dnc: --babi_dir: expected a file qa3_/],
    [
      ["FOLDER", "--babi_task=11"],
      /^dnc: --babi_dir: .*qa11_eleven_train\.txt: story 1: expected at least one question, got none$/,
    ],
    [["FOLDER", "--babi_task=1", "--questions=0"], "--questions: expected a positive integer, got 0"],
    [["FOLDER", "--babi_task=1", "--exchange=hall"], "--exchange[0]: expected at least two words, got 1"],
    [["FOLDER", "--babi_task=1", "--exchange=3"], '--exchange: expected groups of words such as "mary john, kitchen'],
    [["FOLDER", "--babi_task=1", "--babi_set=all"], "--babi_set: expected one of train, validation, test, got all"],
    [["FOLDER", "--babi_task=1", "--loss=sigmoid"], "--loss: expected only with a task whose loss may be replaced"],
  ])("refuses %j", async (given, message) => {
    const folder = babiFolder();
    const args = given.map((word) => (word === "FOLDER" ? `--babi_dir=${folder}` : word));
    const run = join(temporaryFolder(), "run");
    const { status, stderr } = await dnc("train", "--task=babi", ...args, ...network, `--checkpoint_dir=${run}`);
    const line = stderr.trimEnd();
    expect([status, line.split("\n")]).toEqual([2, [line]]);
    if (typeof message === "string") expect(line.startsWith(`dnc: ${message}`), line).toBe(true);
    else expect(line).toMatch(message);
  });

  it("refuses the folder with a run of another task", async () => {
    const run = join(temporaryFolder(), "run");
    await dnc("train", ...network, "--num_training_iterations=1", `--checkpoint_dir=${run}`);
    const { status, stderr } = await dnc("eval", run, "--babi_dir=here");
    expect([status, stderr]).toEqual([
      2,
      "dnc: --babi_dir: expected only with a run of task babi, got it with task repeat-copy\n",
    ]);
  });
});

describe("the standard error of a ratio", () => {
  it("is that of independent questions where each sequence has one, and larger where its questions fail together", () => {
    const single = ratioOf([...new Array(90).fill([1, 0]), ...new Array(10).fill([1, 1])]);
    expect(single.value).toBeCloseTo(0.1, 12);
    expect(single.error).toBeCloseTo(Math.sqrt((0.1 * 0.9) / 99), 12);
    const together = ratioOf([...new Array(18).fill([5, 0]), ...new Array(2).fill([5, 5])]);
    expect(together.value).toBeCloseTo(0.1, 12);
    expect(together.error).toBeCloseTo(Math.sqrt((0.1 * 0.9) / 19), 12);
  });
});
