import { describe, expect, it } from "vitest";
import {
  checkBoolean,
  checkFunction,
  checkInteger,
  checkKeys,
  checkObject,
  checkSeed,
  formatValue,
} from "../src/checks.js";

const error = (check: () => unknown) => {
  try {
    check();
  } catch (thrown) {
    return `${(thrown as Error).constructor.name}: ${(thrown as Error).message}`;
  }
  return undefined;
};

describe("a check", () => {
  it.each<[string, () => unknown]>([
    ["an object", () => checkObject("config", {})],
    ["known keys", () => checkKeys("config", { a: 1, b: undefined }, ["a"])],
    ["no keys where none is known", () => checkKeys("state", {}, [])],
    ["true and false", () => [true, false].map((value) => checkBoolean("trace", value))],
    ["a function, or none", () => [undefined, () => 1].map((value) => checkFunction("make", value))],
    ["the ends of a range", () => [1, 32].map((value) => checkInteger("layers", value, 1, 32))],
    ["the ends of the seeds", () => [0, 2 ** 31].map(checkSeed)],
  ])("accepts %s", (_, check) => expect(check).not.toThrow());

  it.each<[() => unknown, string]>([
    [() => checkObject("config", null), "TypeError: config: expected an object, got null"],
    [() => checkObject("linkage", [], "two tensors"), "TypeError: linkage: expected two tensors, got an array"],
    [() => checkKeys("config", 3, ["a"]), "TypeError: config: expected an object, got 3"],
    [() => checkKeys("config", { c: 1 }, ["a", "b"]), 'TypeError: unknown config key "c"; expected one of a, b'],
    [() => checkKeys("state", { c: 1 }, []), 'TypeError: unknown state key "c"; expected none'],
    [() => checkBoolean("trace", "yes"), 'TypeError: trace: expected true or false, got "yes"'],
    [() => checkFunction("make", null), "TypeError: make: expected a function, got null"],
    [() => checkInteger("slots", "4", 1), 'TypeError: slots: expected a positive integer, got "4"'],
    [() => checkInteger("slots", 0, 1), "RangeError: slots: expected a positive integer, got 0"],
    [() => checkInteger("slots", 1, 2), "RangeError: slots: expected an integer of at least 2, got 1"],
    [() => checkInteger("layers", 33, 1, 32), "RangeError: layers: expected an integer from 1 to 32, got 33"],
    [() => checkInteger("layers", 1.5, 1, 32), "RangeError: layers: expected an integer from 1 to 32, got 1.5"],
    [() => checkSeed(-1), "RangeError: seed: expected an integer from 0 to 2147483648, got -1"],
  ])("says what was expected and what arrived: %#", (check, message) => expect(error(check)).toBe(message));
});

it.each<[unknown, string]>([
  ["text", '"text"'],
  [[1, 2], "an array"],
  [new Float32Array(2), "a Float32Array"],
  [() => 1, "a function"],
  [{ a: 1 }, "an object"],
  [null, "null"],
  [undefined, "undefined"],
  [Number.NaN, "NaN"],
])("a value is shown in a few words: %#", (value, text) => expect(formatValue(value)).toBe(text));
