/** The interpreter of stories on stories whose answers are plain to see. */
import { describe, expect, it } from "vitest";
import { answerBabiStory, readBabiStories } from "../../src/index.js";

/** Reads statements and questions, whose answers are written as `?` and then checked. */
function answers(...lines: string[]): string[] {
  const text = lines.map((line, index) => `${index + 1} ${line.replace(/\?$/, "?\tunknown")}`).join("\n");
  return readBabiStories(text).flatMap((story) => answerBabiStory(story).map((answer) => answer.join(",")));
}

describe("the interpreter", () => {
  it.each([
    ["the last move", ["Mary moved to the garden.", "Mary went to the office.", "Where is Mary?"], ["office"]],
    [
      "pronouns",
      ["John went to the office.", "Then he moved to the garden.", "Mary went to the hallway.", "Where is John?"],
      ["garden"],
    ],
    [
      "pairs, and whom a pronoun stands for",
      [
        "Mary and John went to the office.",
        "Daniel and Mary moved to the kitchen.",
        "Afterwards they moved to the garden.",
        "Where is Mary?",
        "Where is John?",
      ],
      ["garden", "office"],
    ],
    [
      "things that are carried and left",
      [
        "Mary got the milk there.",
        "Mary went to the office.",
        "Where is the milk?",
        "Mary dropped the milk.",
        "Mary went to the garden.",
        "Where is the milk?",
      ],
      ["office", "office"],
    ],
    [
      "the last time that a thing came to a place",
      [
        "Mary took the milk.",
        "Mary went to the office.",
        "Mary went to the garden.",
        "Mary went to the kitchen.",
        "Mary left the milk there.",
        "Mary went to the hallway.",
        "Where was the milk before the garden?",
        "Mary went to the kitchen.",
        "Mary grabbed the milk.",
        "Mary went to the garden.",
        "Where was the milk before the garden?",
      ],
      ["office", "kitchen"],
    ],
    [
      "what somebody carries, in the order of the first time",
      [
        "Mary got the milk there.",
        "Mary got the apple there.",
        "Mary dropped the milk.",
        "How many objects is Mary carrying?",
        "Mary took the milk there.",
        "What is Mary carrying?",
        "What is John carrying?",
      ],
      ["one", "milk,apple", "nothing"],
    ],
    [
      "gifts",
      [
        "Mary got the milk there.",
        "Mary handed the milk to John.",
        "John went to the office.",
        "How many objects is Mary carrying?",
        "How many objects is John carrying?",
        "Where is the milk?",
      ],
      ["none", "one", "office"],
    ],
    [
      "who gave what to whom",
      [
        "Mary got the milk there.",
        "Mary gave the milk to John.",
        "John passed the milk to Bill.",
        "Who gave the milk?",
        "Who gave the milk to John?",
        "Who received the milk?",
        "What did Mary give to John?",
        "Who did John give the milk to?",
      ],
      ["john", "mary", "bill", "milk", "bill"],
    ],
    [
      "yes, no, and denials",
      [
        "Mary went to the office.",
        "Is Mary in the office?",
        "Is Mary in the garden?",
        "Mary is no longer in the office.",
        "Is Mary in the office?",
        "Mary is in the garden.",
        "Is Mary in the garden?",
      ],
      ["yes", "no", "no", "yes"],
    ],
    [
      "maybe",
      [
        "Bill is either in the school or the park.",
        "Is Bill in the park?",
        "Is Bill in the cinema?",
        "Bill is in the park.",
        "Is Bill in the park?",
      ],
      ["maybe", "no", "yes"],
    ],
    [
      "relations, told either way round",
      [
        "The office is north of the kitchen.",
        "The kitchen is north of the garden.",
        "What is north of the kitchen?",
        "What is the kitchen north of?",
        "What is south of the kitchen?",
        "What is the garden south of?",
      ],
      ["office", "garden", "garden", "kitchen"],
    ],
    [
      "the shortest way",
      [
        "The office is east of the hallway.",
        "The garden is east of the office.",
        "The kitchen is north of the garden.",
        "The bathroom is west of the hallway.",
        "The bathroom is south of the kitchen.",
        "How do you go from the hallway to the kitchen?",
        "How do you go from the bathroom to the office?",
      ],
      ["w,n", "e,e"],
    ],
    [
      "fears of a kind",
      ["Mice are afraid of wolves.", "Sheep are afraid of mice.", "Emily is a sheep.", "What is Emily afraid of?"],
      ["mouse"],
    ],
    [
      "the colour of the last one of a kind",
      [
        "Lily is a swan.",
        "Greg is a swan.",
        "Greg is gray.",
        "Lily is white.",
        "Brian is a swan.",
        "What color is Brian?",
        "What color is Lily?",
      ],
      ["gray", "white"],
    ],
    [
      "motives",
      [
        "Jason is thirsty.",
        "Where will Jason go?",
        "Jason went to the kitchen.",
        "Why did Jason go to the kitchen?",
        "Jason got the milk there.",
        "Why did Jason get the milk?",
      ],
      ["kitchen", "thirsty", "thirsty"],
    ],
  ])("knows %s", (_, story, expected) => {
    expect(answers(...story)).toEqual(expected);
  });

  it.each([
    [
      ["Yesterday Mary went to the office.", "Where is Mary?"],
      'story[0]: expected a sentence of a task whose rules are known, got "yesterday mary went to the office ."',
    ],
    [
      ["Mary went to the office.", "Where is John?"],
      'story[1]: expected a question whose answer was told, got "where is john ?"',
    ],
    [["Mary is not in the office.", "Is Mary in the garden?"], "story[1]: expected a question whose answer was told"],
    [["Mary took the milk.", "Where is the milk?"], "story[1]: expected a question whose answer was told"],
    [
      ["The office is east of the hallway.", "How do you go from the office to the garden?"],
      "story[1]: expected a question whose answer was told",
    ],
    [["Lily is a swan.", "What color is Lily?"], "story[1]: expected a question whose answer was told"],
  ])("refuses %j", (story, message) => {
    expect(() => answers(...story)).toThrow(RangeError);
    expect(() => answers(...story)).toThrow(message);
  });

  it("takes an array", () => {
    expect(() => answerBabiStory("Mary went." as never)).toThrow(
      new TypeError('story: expected an array, got "Mary went."'),
    );
  });
});
