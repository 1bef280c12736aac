import { Dnc } from "@dnc/core";
import { expect, it } from "vitest";
import { UnreadableCheckpointError } from "../../src/index.js";
import { networkConfig, networkSettings } from "../../src/network/index.js";
import { checkedSettings } from "../../src/network/settings.js";
import { SMALL } from "./support.js";

const SETTINGS = {
  hidden_size: 8,
  memory_size: 9,
  word_size: 10,
  num_read_heads: 2,
  num_write_heads: 3,
  clip_value: 0,
  controller: "gru",
  seed: 5,
} as const;

it("settings of the network become a config by name, and all others are ignored", () => {
  expect(networkConfig({ ...SETTINGS, task: "copy", batch_size: 16 } as never)).toEqual({
    hiddenSize: 8,
    memorySize: 9,
    wordSize: 10,
    readHeads: 2,
    writeHeads: 3,
    clipValue: 0,
    controller: "gru",
    seed: 5,
  });
  expect(networkConfig({ seed: undefined, memory_size: 3 })).toEqual({ memorySize: 3 });
});

it("a config becomes settings, which become the same config", () => {
  expect(networkSettings(networkConfig(SETTINGS))).toEqual(SETTINGS);
  const network = new Dnc({ ...SMALL, clipValue: null });
  const settings = networkSettings(network.config);
  expect(settings).toMatchObject({ hidden_size: 6, clip_value: 0, controller: "lstm" });
  expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
  const again = new Dnc({ ...networkConfig(settings), inputSize: 3, outputSize: 2 });
  expect(again.config).toEqual({ ...network.config, clipValue: 0 });
  network.dispose();
  again.dispose();
});

it.each([
  { masking: true, deallocation: true },
  { masking: 0.5, sharpness: true, controller: "deep-lstm", layers: 2 },
  { no_links: true, initial_memory: "random" },
  { initial_memory: 1e-6 },
] as const)("variants become a config and the same settings: %o", (variants) => {
  const network = new Dnc({ ...networkConfig({ ...SETTINGS, ...variants }), inputSize: 1, outputSize: 1 });
  expect(networkSettings(network.config)).toEqual({ ...SETTINGS, ...variants });
  network.dispose();
});

it("sharpness needs links", () => {
  const value = { sharpness: true, no_links: true };
  expect(() => checkedSettings({ value, file: "config.json" })).toThrow(
    new UnreadableCheckpointError("config.json: sharpness: expected false without links, got true"),
  );
});

it("a function as controller cannot become settings", () => {
  const controller = (() => {}) as never;
  expect(() => networkSettings({ controller })).toThrow(
    new TypeError("config.controller: expected the name of a controller, got a function"),
  );
});

it.each([
  ["hidden_size", 0, "a positive integer, got 0"],
  ["memory_size", 1.5, "a positive integer, got 1.5"],
  ["word_size", "16", 'a positive integer, got "16"'],
  ["num_read_heads", 2 ** 53, "a positive integer, got 9007199254740992"],
  ["num_write_heads", null, "a positive integer, got null"],
  ["clip_value", -1, "a number of at least 0 in float32, got -1"],
  ["clip_value", 1e39, "a number of at least 0 in float32, got 1e+39"],
  ["clip_value", 1e-50, "a number of at least 0 in float32, got 1e-50"],
  ["controller", "rnn", 'one of "lstm", "deep-lstm", "gru", "feed-forward", got "rnn"'],
  ["controller", ["lstm"], 'one of "lstm", "deep-lstm", "gru", "feed-forward", got an array'],
  ["network", "rnn", 'one of "dnc", "lstm", got "rnn"'],
  ["layers", 33, "an integer from 1 to 32, got 33"],
  ["masking", 1, "true, false or a number in [0, 1), got 1"],
  ["masking", 1 - 1e-9, "true, false or a number in [0, 1), got 0.999999999"],
  ["deallocation", 1, "true or false, got 1"],
  ["sharpness", "yes", 'true or false, got "yes"'],
  ["no_links", null, "true or false, got null"],
  ["initial_memory", "zeros", '"random" or a number that is finite in float32, got "zeros"'],
  ["initial_memory", 1e39, '"random" or a number that is finite in float32, got 1e+39'],
  ["seed", 2 ** 31 + 1, "an integer from 0 to 2147483648, got 2147483649"],
])("%s is not %s", (key, value, message) => {
  const given = { value: { [key]: value }, file: "state.json", key: "config" };
  expect(() => checkedSettings(given)).toThrow(
    new UnreadableCheckpointError(`state.json: config.${key}: expected ${message}`),
  );
  expect(() => checkedSettings({ value: { [key]: value }, file: "config.json" })).toThrow(
    new UnreadableCheckpointError(`config.json: ${key}: expected ${message}`),
  );
});

it("every setting that a network accepts is valid", () => {
  const value = { ...SETTINGS, clip_value: 3.4e38, seed: 2 ** 31, task: "copy" };
  const { task: _, ...settings } = value;
  expect(checkedSettings({ value, file: "config.json" })).toEqual(settings);
  new Dnc({ ...networkConfig(settings), inputSize: 1, outputSize: 1 }).dispose();
});
