import { assertTargets, type Batch } from "../batch.js";
import {
  assertArray,
  assertBoolean,
  assertFloatsOfShape,
  assertKeys,
  assertPositiveInteger,
  assertText,
} from "../checks.js";
import { defineTask } from "../define-task.js";
import type { SequenceSteps, TaskFacts } from "../facts.js";
import { LOSS_KEYS } from "../loss-options.js";
import { firstLargest } from "../output-groups.js";
import { assertRandom } from "../random.js";
import type { RenderOptions, Task } from "../task.js";
import { exchangeGroups, sampleExchange } from "./exchange.js";
import { ANSWER_STEP, type BabiStory, babiWords } from "./stories.js";

/** Configuration of question answering. */
export type BabiConfig = {
  /** The stories from which batches are sampled, at least one: of files (`readBabiStories`) or of `generateBabiStories`. */
  readonly stories: readonly BabiStory[];
  /** The words that inputs and outputs stand for, each once; default: those of the stories, sorted. */
  readonly words?: readonly string[] | undefined;
  /** Number of questions after which a story ends, at least 1; default: all are asked. Stories with fewer keep theirs. */
  readonly questions?: number | undefined;
  /**
   * Groups of words for things of one kind, such as persons or places: whenever a story is sampled, the words of a group change places
   * at random, in the whole story and its answers; default: none do.
   */
  readonly exchange?: readonly (readonly string[])[] | undefined;
  /** Number of stories in a batch; default: 16. */
  readonly batchSize?: number | undefined;
  /** Whether the network stops at the end of each story; default: false, it runs to the end of the longest of the batch. */
  readonly lengths?: boolean | undefined;
  /** Whether to use bits instead of nats; default: false. */
  readonly logProbInBits?: boolean | undefined;
};

/** A task of stories that also can be read one after the other. */
export type BabiTask = Task &
  TaskFacts & {
    /** The words that inputs and outputs stand for. */
    readonly words: readonly string[];
    /** Returns batches that contain every story once, in order; the last one may be smaller. */
    readonly everyBatch: () => Iterable<Batch>;
    /**
     * Encodes a story of its words.
     *
     * @param story - Statements and questions with their answers, as from `readBabiStories`.
     * @returns A batch of one sequence.
     * @throws RangeError if a word is not among `words`, or nothing is asked; TypeError if `story` is not an array.
     */
    readonly encodeStory: (story: BabiStory) => Batch;
  };

/** A story as indices of words. */
type Encoded = { readonly inputs: readonly number[]; readonly answers: readonly (number | undefined)[] };

/**
 * Creates the task of question answering: read a story word by word, and answer its questions.
 *
 *     const stories = readBabiStories(text);
 *     const task = babi({ stories });
 *     console.log(task.render(task.sampleBatch(createRandom(1))));
 *
 * A time step is a word, one-hot in the inputs. After the `?` of a question there are as many steps with the word `-` as its answer has words:
 * these count, and their targets are the words of the answer. Stories are sampled uniformly, each as often as it comes. With `questions` they end
 * early, which makes lessons: short stories are far easier to learn from. With `exchange` a network cannot learn stories by heart.
 *
 * Source: Graves et al. 2016, Methods, "bAbI task descriptions"; the questions: Weston et al. 2015, arXiv:1502.05698.
 *
 * Metric: the error of answers, see `answerErrors`.
 *
 * @param config - See `BabiConfig`; `stories` is required.
 * @returns A task with as many inputs and targets as there are words, loss `softmax`, and all facts. Its `render` writes a line for each
 *   sentence.
 * @throws RangeError if there is no story, `batchSize` or `questions` is no positive integer, a story has a word that is not among `words`, or a group of
 *   `exchange` has one that is not or is in two; TypeError if a
 *   value is of the wrong kind or a key is unknown.
 */
export function babi(config: BabiConfig): BabiTask {
  assertKeys("config", config, [
    "stories",
    "words",
    "questions",
    "exchange",
    "batchSize",
    "lengths",
    ...LOSS_KEYS.slice(3),
  ]);
  const { stories, questions, exchange = [], batchSize = 16, lengths = false, logProbInBits } = config;
  assertArray("stories", stories);
  if (stories.length === 0) throw new RangeError("stories: expected at least one, got none");
  if (questions !== undefined) assertPositiveInteger("questions", questions);
  assertPositiveInteger("batchSize", batchSize);
  assertBoolean("lengths", lengths);
  const { words = babiWords(stories) } = config;
  const index = indexOf(words);
  const encoded = stories.map((story) => encode(upToQuestion(story, questions), index));
  const groups = exchangeGroups(exchange, index);
  const size = words.length;
  const longest = Math.max(...encoded.map(({ inputs }) => inputs.length));
  const counted = encoded.reduce(
    (sum, { answers }) => sum + answers.filter((answer) => answer !== undefined).length,
    0,
  );
  const task = defineTask({
    name: "babi",
    inputSize: size,
    targetSize: size,
    batchSize,
    lengths,
    loss: "softmax",
    logProbInBits,
    description: `${stories.length} stories of at most ${longest} words, ${size} different`,
    channelLabels: () => ({ inputs: words, targets: words }),
    phases: (steps) => phasesOf(steps, words),
    maxTimeSteps: longest,
    meanCountedSteps: counted / stories.length,
    sampleSequence: () => [],
  });
  const stack = (some: readonly Encoded[]) => stackStories(some, size, lengths);
  return {
    ...(task as Task & TaskFacts),
    words: [...words],
    // Written without `sampleSequence`, whose rows of numbers would cost more than an iteration.
    sampleBatch: (random, options = {}) => {
      assertRandom(random);
      assertKeys("option", options, ["batchSize"]);
      const { batchSize: length = batchSize } = options;
      assertPositiveInteger("batchSize", length);
      return stack(
        Array.from({ length }, () => {
          const story = encoded[random.integer(0, encoded.length - 1)] as Encoded;
          return groups.length === 0 ? story : replaceWords(story, sampleExchange(groups, size, random));
        }),
      );
    },
    everyBatch: function* () {
      for (let at = 0; at < encoded.length; at += batchSize) yield stack(encoded.slice(at, at + batchSize));
    },
    encodeStory: (story) => {
      assertArray("story", story);
      if (!story.some(({ answer }) => answer !== undefined))
        throw new RangeError("story: expected a question, got none");
      return stack([encode(story, index)]);
    },
    render: (batch, output, options = {}) => renderStories(batch, output, options, words),
  };
}

function indexOf(words: readonly string[]): ReadonlyMap<string, number> {
  assertArray("words", words);
  const index = new Map<string, number>();
  words.forEach((word, at) => {
    assertText(`words[${at}]`, word);
    if (index.has(word))
      throw new RangeError(`words[${at}]: expected each word once, got ${JSON.stringify(word)} again`);
    index.set(word, at);
  });
  return index;
}

/** Ends a story after a number of questions. */
function upToQuestion(story: BabiStory, questions: number | undefined): BabiStory {
  const asked = [...story.keys()].filter((line) => story[line]?.answer !== undefined);
  const last = questions === undefined ? undefined : asked[questions - 1];
  return last === undefined ? story : story.slice(0, last + 1);
}

function encode(story: BabiStory, index: ReadonlyMap<string, number>): Encoded {
  const at = (word: string) => {
    const found = index.get(word);
    if (found === undefined) throw new RangeError(`words: expected ${JSON.stringify(word)}, which is in a story`);
    return found;
  };
  // Loops, since a set may have ten thousand stories, and a command encodes it several times.
  const inputs: number[] = [];
  const answers: (number | undefined)[] = [];
  for (const { words, answer = [] } of story) {
    for (const word of words) {
      inputs.push(at(word));
      answers.push(undefined);
    }
    for (const word of answer) {
      inputs.push(at(ANSWER_STEP));
      answers.push(at(word));
    }
  }
  return { inputs, answers };
}

function replaceWords({ inputs, answers }: Encoded, by: Uint32Array): Encoded {
  return {
    inputs: inputs.map((word) => by[word] as number),
    answers: answers.map((word) => (word === undefined ? undefined : by[word])),
  };
}

/** Stacks stories to a batch; those shorter than the longest are padded with zeros. */
function stackStories(stories: readonly Encoded[], size: number, lengths: boolean): Batch {
  const batchSize = stories.length;
  const timeSteps = stories.reduce((longest, { inputs }) => Math.max(longest, inputs.length), 0);
  const inputs = new Float32Array(timeSteps * batchSize * size);
  const targets = new Float32Array(timeSteps * batchSize * size);
  const mask = new Float32Array(timeSteps * batchSize);
  stories.forEach((story, sequence) => {
    story.inputs.forEach((word, step) => {
      const row = step * batchSize + sequence;
      const answer = story.answers[step];
      inputs[row * size + word] = 1;
      if (answer === undefined) return;
      targets[row * size + answer] = 1;
      mask[row] = 1;
    });
  });
  const batch = { timeSteps, batchSize, inputs, targets, mask };
  return lengths ? { ...batch, lengths: Uint32Array.from(stories, (story) => story.inputs.length) } : batch;
}

/** Names the phases: a question is what ends with `?`. */
function phasesOf({ inputs, counts }: SequenceSteps, words: readonly string[]): readonly string[] {
  const read = inputs.map((input) => words[input.indexOf(1)]);
  const names: string[] = [];
  let sentence = "story";
  for (let step = read.length - 1; step >= 0; step--) {
    if (read[step] === "?") sentence = "question";
    else if (read[step] === "." || read[step] === undefined) sentence = "story";
    names.unshift(counts[step] ? "answer" : sentence);
  }
  return names;
}

/** Renders a batch: a line for each sentence, with the answer to a question, and what the network answered if it is wrong. */
function renderStories(
  batch: Batch,
  output: Float32Array | undefined,
  options: RenderOptions,
  words: readonly string[],
): string {
  assertKeys("option", options, ["wholeBatch"]);
  const { wholeBatch = false } = options;
  assertBoolean("wholeBatch", wholeBatch);
  const size = words.length;
  assertTargets(batch, size);
  const { timeSteps, batchSize, inputs, targets, mask } = batch;
  assertFloatsOfShape("inputs", inputs, [timeSteps, batchSize, size]);
  if (output !== undefined) assertFloatsOfShape("output", output, [timeSteps, batchSize, size]);
  const wordIn = (values: Float32Array, row: number) =>
    words[firstLargest(values, row * size, (row + 1) * size) - row * size] ?? "NaN";
  const stories = Array.from({ length: wholeBatch ? batchSize : 1 }, (_, sequence) => {
    const lines: { words: string[]; answer: string[]; found: string[] }[] = [];
    let isOpen = false;
    for (let step = 0; step < timeSteps; step++) {
      const row = step * batchSize + sequence;
      if (!inputs.subarray(row * size, (row + 1) * size).includes(1)) break;
      if (mask[row] === 1) {
        lines.at(-1)?.answer.push(wordIn(targets, row));
        if (output) lines.at(-1)?.found.push(wordIn(output, row));
        continue;
      }
      if (!isOpen) lines.push({ words: [], answer: [], found: [] });
      const word = wordIn(inputs, row);
      lines.at(-1)?.words.push(word);
      isOpen = word !== "." && word !== "?";
    }
    return lines.map(lineText).join("\n");
  });
  return `\n${stories.join("\n\n\n\n")}`;
}

function lineText({ words, answer, found }: { words: string[]; answer: string[]; found: string[] }): string {
  const sentence = words.join(" ").replaceAll(/ ([.?])/g, "$1");
  if (answer.length === 0) return sentence;
  const right = answer.join(",");
  const given = found.join(",");
  if (found.length === 0) return `${sentence}  ${right}`;
  return given === right ? `${sentence}  ${right}  right` : `${sentence}  ${right}  wrong: ${given}`;
}
