import { expect, it } from "vitest";
import { closest } from "../../src/flags/suggest.js";

it.each([
  ["memory_sise", "memory_size"],
  ["word_size", "word_size"],
  ["seeed", "seed"],
  ["hidden", undefined],
  ["", undefined],
])("guesses that %s means %s", (word, expected) => {
  expect(closest(word, ["memory_size", "word_size", "seed", "hidden_size"])).toBe(expected);
});
