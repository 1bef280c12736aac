/**
 * Compares generated stories with the standard files of bAbI, and checks the interpreter of stories on both:
 *
 *     node tools/bench/babi-stories.mjs --babi_dir=tasks_1-20_v1-2
 *
 * Writes raw numbers, a table, and what the tests of `@dnc/tasks` check generated stories against; no sentence of the files. Exit status: 0 if the
 * words are the same and every answer is, 1 if not, 2 if the command is wrong.
 */
import "../node-version.mjs";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { script, UsageError } from "../flags.mjs";
import { commit, machineFacts } from "./machine.mjs";

const FLAGS = {
  babi_dir: { kind: "text", help: "folder of the files, with en and en-10k (required)" },
  out: { kind: "text", default: "bench/results/babi", help: "folder for raw.json and README.md" },
  facts: {
    kind: "text",
    default: "packages/tasks/test/babi/standard-files.json",
    help: "file for what the tests check against",
  },
};

/** Stories that are drawn in each round of the measurement of time. */
const TIMED = 1000;
const ROUNDS = 9;

/** Questions of the files with two answers, by task: what somebody gave to somebody who got two things. */
const AMBIGUOUS = { 5: 22 };

/** The files that are compared: training and test of en-10k, or of en where a training file is missing. */
const FOLDERS = ["en-10k", "en"];

process.exitCode = await script(
  { name: "babi-stories", call: "node tools/bench/babi-stories.mjs", flags: FLAGS },
  main,
);

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main({ babi_dir: folder, out, facts }) {
  if (!folder)
    throw new UsageError("--babi_dir: expected the folder of bAbI's files, such as tasks_1-20_v1-2, got none");
  const { setUp } = await import("../setup.mjs");
  await setUp();
  const library = await import("@dnc/tasks");
  const results = library.GENERATED_BABI_TASKS.map((task) => {
    const files = filesOf(folder, task);
    const standard = files.flatMap((path) => library.readBabiStories(readFileSync(path, "utf8")));
    const [generated, again] = [1, 2].map((seed) =>
      library.generateBabiStories({ task, stories: standard.length, seed }),
    );
    const result = compare(library, task, { standard, generated, again });
    process.stderr.write(`task ${task}: ${result.agreement.standard} of ${result.standard.questions} answers agree\n`);
    return { ...result, files: files.map((path) => path.slice(resolve(folder).length + 1)) };
  });
  const record = {
    command: "node tools/bench/babi-stories.mjs --babi_dir=DIR",
    commit: commit(),
    machine: machineFacts(),
    results,
  };
  mkdirSync(resolve(out), { recursive: true });
  writeFileSync(join(out, "raw.json"), `${JSON.stringify(record, null, 2)}\n`);
  writeFileSync(join(out, "README.md"), report(record));
  writeFileSync(
    resolve(facts),
    `${JSON.stringify(Object.fromEntries(results.map(({ task, standard }) => [task, standard])), null, 2)}\n`,
  );
  const isRight = ({ task, standard, generated, agreement }) =>
    standard.words.join() === generated.words.join() &&
    agreement.standard >= standard.questions - (AMBIGUOUS[task] ?? 0) &&
    agreement.generated === generated.questions;
  return results.every(isRight) ? 0 : 1;
}

function filesOf(folder, task) {
  const find = (inside, set) => {
    const path = join(resolve(folder), inside);
    const name = readdirSync(path).find((file) => file.startsWith(`qa${task}_`) && file.endsWith(`_${set}.txt`));
    return name === undefined ? [] : [join(path, name)];
  };
  return ["train", "test"].map((set) => {
    const [found] = FOLDERS.flatMap((inside) => find(inside, set));
    if (found === undefined) throw new UsageError(`--babi_dir: expected a file qa${task}_..._${set}.txt, found none`);
    return found;
  });
}

function compare(library, task, { standard, generated, again }) {
  const facts = (stories) => factsOf(library, stories);
  const distances = (shares) => ({
    files: round(distance(shares(standard), shares(generated))),
    noise: round(distance(shares(again), shares(generated))),
  });
  const agreeing = (stories) => stories.reduce((sum, story) => sum + agreements(library, story), 0);
  return {
    task,
    standard: facts(standard),
    generated: facts(generated),
    answers: distances((stories) => shares(stories, ({ answer }) => answer?.join(","))),
    sentences: distances((stories) => shares(stories, ({ words }) => words.join(" "))),
    agreement: { standard: agreeing(standard), generated: agreeing(generated) },
    microsecondsPerStory: microseconds(library, task),
  };
}

/** What is known of stories: counts and means, their words, and how often each answer comes. */
function factsOf({ babiWords }, stories) {
  const lines = stories.flat();
  const questions = lines.filter(({ answer }) => answer !== undefined);
  const words = lines.reduce((sum, line) => sum + line.words.length + (line.answer?.length ?? 0), 0);
  const lengths = stories.map((story) => story.length);
  return {
    stories: stories.length,
    questions: questions.length,
    linesPerStory: round(lines.length / stories.length),
    longestStory: Math.max(...lengths),
    wordsPerStory: round(words / stories.length),
    words: babiWords(stories),
    answers: Object.fromEntries(
      [...shares(stories, ({ answer }) => answer?.join(","))].sort().map(([answer, share]) => [answer, round(share)]),
    ),
  };
}

/** Measures the CPU time of drawing a story: the fastest of several rounds, since other load only adds. */
function microseconds({ generateBabiStories }, task) {
  const times = Array.from({ length: ROUNDS }, (_, seed) => {
    const before = process.cpuUsage();
    generateBabiStories({ task, stories: TIMED, seed });
    const { user, system } = process.cpuUsage(before);
    return (user + system) / TIMED;
  });
  return round(Math.min(...times));
}

/** Counts the questions of a story whose answer the interpreter finds. */
function agreements({ answerBabiStory }, story) {
  const found = answerBabiStory(story).map((answer) => answer.join(","));
  const right = story.flatMap(({ answer }) => (answer === undefined ? [] : [answer.join(",")]));
  return right.filter((answer, question) => answer === found[question]).length;
}

/** How often each value comes, as shares of all lines that have one. */
function shares(stories, read) {
  const counts = new Map();
  for (const line of stories.flat()) {
    const value = read(line);
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return new Map([...counts].map(([value, count]) => [value, count / all]));
}

/** Total variation distance: half the sum of the differences of shares, from 0 to 1. */
function distance(one, other) {
  const values = new Set([...one.keys(), ...other.keys()]);
  return [...values].reduce((sum, value) => sum + Math.abs((one.get(value) ?? 0) - (other.get(value) ?? 0)) / 2, 0);
}

function round(number) {
  return Number(number.toFixed(4));
}

function report({ command, commit, machine, results }) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const columns = [
    "task",
    "stories",
    "questions: files, generated",
    "words: files, generated, common",
    "words per story: files, generated",
    "distance of answers: files, noise",
    "distance of sentences: files, noise",
    "interpreter right: files, generated",
    "drawing a story, µs",
  ];
  const rows = results.map(({ task, standard, generated, answers, sentences, agreement, microsecondsPerStory }) =>
    line([
      task,
      standard.stories,
      `${standard.questions}, ${generated.questions}`,
      `${standard.words.length}, ${generated.words.length}, ${standard.words.filter((word) => generated.words.includes(word)).length}`,
      `${standard.wordsPerStory.toFixed(1)}, ${generated.wordsPerStory.toFixed(1)}`,
      `${answers.files.toFixed(3)}, ${answers.noise.toFixed(3)}`,
      `${sentences.files.toFixed(3)}, ${sentences.noise.toFixed(3)}`,
      `${percent(agreement.standard, standard.questions)}, ${percent(agreement.generated, generated.questions)}`,
      microsecondsPerStory.toFixed(0),
    ]),
  );
  return `${[
    "# Generated stories and the standard files",
    "",
    "Stories of `generateBabiStories` against all stories of the standard files of bAbI (en-10k, training and test; of task 3 the training file of en),",
    "as many of each. Distances are total variation distances of the shares of answers and of sentences, questions included: 0 if all are the",
    "same, 1 if none is. *Noise* is the distance of two generated sets of that size, so what equal rules give. The interpreter is `answerBabiStory`. Times are CPU times,",
    `the fastest of ${ROUNDS} rounds. Of task 5 the files ask ${AMBIGUOUS[5]} questions that have two answers: what somebody gave to somebody who got two things.`,
    "",
    line(columns),
    line(columns.map(() => "---")),
    ...rows,
    "",
    `The files are those of Weston et al. 2015 ([arXiv:1502.05698](https://arxiv.org/abs/1502.05698)), under CC BY 3.0.`,
    "",
    `- ${[...machine, `commit ${commit}`].join("; ")}`,
    "",
    `    ${command}`,
    "",
    "Raw numbers: [raw.json](raw.json).",
  ].join("\n")}\n`;
}

function percent(part, all) {
  return `${((100 * part) / all).toFixed(part === all ? 0 : 2)}%`;
}
