/** Reading the text files of bAbI. */
import { describe, expect, it } from "vitest";
import { babiWords, readBabiStories } from "../../src/index.js";

const TEXT = [
  "1 Mary moved to the bathroom.",
  "2 John went to the hallway with 3 apples.",
  "3 Where is Mary? \tbathroom\t1",
  "1 The office is east of the hallway.",
  "2 How do you go from the hallway to the office?\te,S\t1 2",
  "3 Is it?\tyes",
  "",
].join("\n");

describe("stories", () => {
  it("have words in lower case, stops of their own, no numbers, and answers of words", () => {
    expect(readBabiStories(TEXT)).toEqual([
      [
        { words: ["mary", "moved", "to", "the", "bathroom", "."] },
        { words: ["john", "went", "to", "the", "hallway", "with", "apples", "."] },
        { words: ["where", "is", "mary", "?"], answer: ["bathroom"] },
      ],
      [
        { words: ["the", "office", "is", "east", "of", "the", "hallway", "."] },
        {
          words: ["how", "do", "you", "go", "from", "the", "hallway", "to", "the", "office", "?"],
          answer: ["e", "s"],
        },
        { words: ["is", "it", "?"], answer: ["yes"] },
      ],
    ]);
    expect(readBabiStories(TEXT.replaceAll("\n", "\r\n"))).toEqual(readBabiStories(TEXT));
  });

  it("give their words once, sorted, with the dash of an answer", () => {
    expect(babiWords(readBabiStories("1 B a.\n2 C b?\tz,a\t1"))).toEqual(["-", ".", "?", "a", "b", "c", "z"]);
  });

  it.each([
    ["", "line 1: expected a story, got none"],
    ["\n\n", "line 1: expected a story, got none"],
    ["Mary moved.", "line 1: expected the number 1, then a sentence"],
    ["2 Mary moved.", "line 1: expected the number 1, then a sentence"],
    ["1 Mary moved.\n3 Mary moved.", "line 2: expected the number 1 or 2, then a sentence"],
    ["1 Mary moved", 'line 1: expected a statement that ends with ".", or a question, a tab and its answer'],
    ["1 Where is Mary?", 'line 1: expected a statement that ends with "."'],
    ["1 .", 'line 1: expected a statement that ends with "."'],
    ["1 Mary moved.\thome\t1", 'line 1: expected a question that ends with "?" before the tab'],
    ["1 Where?\t\t1", "line 1: expected an answer of words separated by commas after the first tab"],
    ["1 Where?\ta,,b\t1", "line 1: expected an answer of words"],
    ["1 Where?\tthe hall\t1", "line 1: expected an answer of words"],
    ["1 Where?\t-\t1", "line 1: expected an answer of words"],
    ["1 A b.\n1 Where?\ta", "story 1: expected at least one question, got none"],
  ])("are refused in %j", (text, message) => {
    expect(() => readBabiStories(text)).toThrow(message);
    expect(() => readBabiStories(text)).toThrow(RangeError);
  });
});
