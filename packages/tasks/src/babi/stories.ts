/** Reads the text files of bAbI. */

/** A line of a story: a statement, or a question with its answer. */
export type BabiLine = {
  /** Its words in lower case, the last one `.` or `?`. */
  readonly words: readonly string[];
  /** The words of the answer; absent for a statement. */
  readonly answer?: readonly string[] | undefined;
};

/** A story: statements and questions in the order in which they are read. */
export type BabiStory = readonly BabiLine[];

/** The word at each step at which the network answers. */
export const ANSWER_STEP = "-";

/**
 * Reads the stories of a text in the format of bAbI: a line has a number, which is 1 where a story begins, and a sentence; a
 * question is followed by a tab and its answer, whose words are separated by commas, and by a tab and the numbers of the lines that
 * support it, which are ignored.
 *
 *     const stories = readBabiStories(await readFile("qa1_single-supporting-fact_train.txt", "utf8"));
 *     stories[0][0]; // { words: ["mary", "moved", "to", "the", "bathroom", "."] }
 *
 * Source: Weston et al. 2015, "Towards AI-complete question answering", arXiv:1502.05698; words as in Graves et al. 2016, Methods,
 * "bAbI task descriptions": lower case, without numbers, with `.` and `?` as words of their own.
 *
 * @param text - Contents of a file.
 * @returns The stories in order.
 * @throws RangeError with the number of the line if the text is not in this format, or if there is no story.
 */
export function readBabiStories(text: string): readonly BabiStory[] {
  const stories: BabiLine[][] = [];
  let expected = 1;
  text.split(/\r?\n/).forEach((row, index) => {
    if (row.trim() === "") return;
    const at = `line ${index + 1}`;
    const [, digits, rest = ""] = /^\s*(\d+)\s+(.*)$/.exec(row) ?? [];
    const number = Number(digits);
    if (digits === undefined || (number !== 1 && number !== expected))
      throw new RangeError(`${at}: expected the number 1${expected === 1 ? "" : ` or ${expected}`}, then a sentence`);
    if (number === 1) stories.push([]);
    (stories.at(-1) as BabiLine[]).push(readLine(rest, at));
    expected = number + 1;
  });
  stories.forEach((story, index) => {
    if (!story.some(({ answer }) => answer))
      throw new RangeError(`story ${index + 1}: expected at least one question, got none`);
  });
  if (stories.length === 0) throw new RangeError("line 1: expected a story, got none");
  return stories;
}

function readLine(text: string, at: string): BabiLine {
  const [sentence = "", answer] = text.split("\t");
  const words = wordsOf(sentence);
  const end = words.at(-1);
  if (answer === undefined) {
    if (words.length < 2 || end !== ".")
      throw new RangeError(`${at}: expected a statement that ends with ".", or a question, a tab and its answer`);
    return { words };
  }
  if (words.length < 2 || end !== "?")
    throw new RangeError(`${at}: expected a question that ends with "?" before the tab`);
  const answered = answer
    .toLowerCase()
    .split(",")
    .map((word) => word.trim());
  if (answered.some((word) => !/^[^\s.?]+$/.test(word) || word === ANSWER_STEP))
    throw new RangeError(`${at}: expected an answer of words separated by commas after the first tab`);
  return { words, answer: answered };
}

function wordsOf(sentence: string): readonly string[] {
  return sentence
    .toLowerCase()
    .replaceAll(/[.?]/g, " $& ")
    .split(/\s+/)
    .filter((word) => word !== "" && !/^\d+$/.test(word));
}

/**
 * Lists the words of stories and answers, and `-`, the word at each step of an answer; sorted, each once.
 *
 * @param stories - Stories of one task or of several.
 * @returns The words; those of all twenty tasks of bAbI are 159.
 */
export function babiWords(stories: readonly BabiStory[]): readonly string[] {
  const words = new Set([ANSWER_STEP]);
  for (const story of stories)
    for (const line of story) for (const word of [...line.words, ...(line.answer ?? [])]) words.add(word);
  return [...words].sort();
}
