import { Dnc, type DncConfig, LstmNetwork } from "@dnc/core";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DamagedCheckpointError, encodeSafetensors, readTensors, UnreadableCheckpointError } from "../../src/index.js";
import { loadNetwork, networkSettings } from "../../src/network/index.js";
import { sealed, tensor, utf8 } from "../files.js";
import { outputsOf, SMALL, saved } from "./support.js";

const CONFIGS: readonly DncConfig[] = [
  SMALL,
  { ...SMALL, controller: "deep-lstm", writeHeads: 2 },
  { ...SMALL, controller: "deep-lstm", layers: 5 },
  { ...SMALL, controller: "gru", clipValue: null },
  { ...SMALL, controller: "feed-forward", readHeads: 1, clipValue: 1.5 },
  { ...SMALL, memory: { masking: { minimum: 0.25 }, deallocation: true, sharpness: true } },
  { ...SMALL, writeHeads: 2, memory: { masking: true, links: false } },
  { ...SMALL, memory: { initialMemory: "random" }, seed: 7 },
  { inputSize: 1, outputSize: 1 },
];

const loaded: (Dnc | LstmNetwork)[] = [];

function disposedLater(network: Dnc | LstmNetwork): Dnc | LstmNetwork {
  loaded.push(network);
  return network;
}

const { model, files } = await saved(SMALL);
const settings = JSON.parse(new TextDecoder().decode(files["state.json"])).config;

/** Returns the files of a checkpoint with other settings. */
const withSettings = (config: unknown) =>
  sealed(files["model.safetensors"], undefined, config === undefined ? {} : { config });

let tensors: number;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});

describe.each(CONFIGS)("a network with %o", (config) => {
  it("gives bit-identical outputs after loading and before saving", async () => {
    const network = new Dnc(config);
    const before = await outputsOf(network);
    const loaded = await loadNetwork((await saved(config)).files);
    expect(loaded.config).toEqual({ ...network.config, clipValue: network.config.clipValue ?? 0 });
    expect(await readTensors(loaded.variables)).toEqual(await readTensors(network.variables));
    expect(await outputsOf(loaded)).toEqual(before);
    expect(before.some((value) => value !== 0)).toBe(true);
    for (const { variable } of loaded.variables) expect(variable.trainable).toBe(true);
    network.dispose();
    loaded.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

describe.each([1, 3])("a saved LSTM of %d layers", (layers) => {
  it("gives bit-identical outputs after loading, and has no memory to resize", async () => {
    const network = new LstmNetwork({ inputSize: 3, outputSize: 2, hiddenSize: 6, layers, clipValue: 2, seed: 4 });
    const config = networkSettings(network.config);
    expect(config).toEqual({
      ...{ network: "lstm", hidden_size: 6, clip_value: 2, seed: 4 },
      ...(layers === 1 ? {} : { layers }),
    });
    const weights = encodeSafetensors(await readTensors(network.variables));
    const saved = await sealed(weights, undefined, { config });
    const loaded = await loadNetwork(saved);
    expect(loaded).toBeInstanceOf(LstmNetwork);
    expect(loaded.config).toEqual(network.config);
    expect(await outputsOf(loaded)).toEqual(await outputsOf(network));
    await expect(loadNetwork(saved, { memorySize: 4 })).rejects.toThrow(
      "memorySize: expected none for a network without a memory, got 4",
    );
    for (const [change, message] of [
      [{ hidden_size: 7 }, "model.safetensors: expected the tensors of the network in state.json, got"],
      [{ layers: 2 }, "model.safetensors: expected the 2 layers of the network in state.json, got"],
      [
        { network: "dnc", layers: undefined },
        "model.safetensors: expected the tensors of the network in state.json, got",
      ],
      [{ network: "gru" }, 'state.json: config.network: expected one of "dnc", "lstm", got "gru"'],
      [{ masking: 0.5 }, "state.json: config.masking: expected false for an LSTM, which has no memory, got 0.5"],
      [{ initial_memory: 1 }, "state.json: config.initial_memory: expected 0 for an LSTM, which has no memory, got 1"],
    ] as const)
      await expect(loadNetwork(await sealed(weights, undefined, { config: { ...config, ...change } }))).rejects.toThrow(
        message,
      );
    network.dispose();
    loaded.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

describe("loadNetwork", () => {
  afterEach(() => {
    for (const network of loaded.splice(0)) network.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it("uses the settings of config.json if state.json has none or is missing", async () => {
    const config = { "config.json": utf8(JSON.stringify({ ...settings, task: "copy" })) };
    const expected = await outputsOf(await loadNetwork(files).then(disposedLater));
    const { "model.safetensors": weights } = files;
    for (const given of [
      { "model.safetensors": weights, ...config },
      { ...(await withSettings(undefined)), ...config },
    ])
      expect(await outputsOf(await loadNetwork(given).then(disposedLater))).toEqual(expected);
    const other = { "config.json": utf8(JSON.stringify({ ...settings, memory_size: 99 })) };
    const network = await loadNetwork({ ...files, ...other }).then(disposedLater);
    expect(network.config.memorySize).toBe(7);
  });

  it("accepts another memory size, and only a valid one", async () => {
    const network = await loadNetwork(files, { memorySize: 11 }).then(disposedLater);
    expect(network.config.memorySize).toBe(11);
    await expect(loadNetwork(files, { memorySize: 0 })).rejects.toThrow(RangeError);
    await expect(loadNetwork(files, { memorySize: "7" as never })).rejects.toThrow(TypeError);
  });

  it.each([
    ["not there", undefined, "state.json: config: expected an object of settings, got undefined"],
    ["a list", [], "state.json: config: expected an object of settings, got an array"],
    [
      "of another kind",
      { ...settings, word_size: "5" },
      'state.json: config.word_size: expected a positive integer, got "5"',
    ],
    [
      "of another width",
      { ...settings, hidden_size: 7 },
      'model.safetensors: expected the tensors of the network in state.json, got "dnc/lstm/w_gates" of [19, 24] instead ' +
        'of [19, 28]; "dnc/lstm/b_gates" of [24] instead of [28]; "dnc/memory_access/write_vectors/w" of [6, 5] instead ' +
        'of [7, 5]; "dnc/memory_access/erase_vectors/w" of [6, 5] instead of [7, 5]; "dnc/memory_access/free_gate/w" of ' +
        "[6, 2] instead of [7, 2]; and 8 more",
    ],
    [
      "of another controller",
      { ...settings, controller: "feed-forward" },
      'model.safetensors: expected the tensors of the network in state.json, got no "dnc/feed_forward/w"; no ' +
        '"dnc/feed_forward/b"; "dnc/lstm/w_gates", which no variable has; "dnc/lstm/b_gates", which no variable has',
    ],
    [
      "more than there are tensors for",
      { ...settings, num_write_heads: 2 ** 52, word_size: 2 ** 52 },
      /^model\.safetensors: expected the tensors of the network in state\.json, got "dnc\/lstm\/w_gates" of \[19, 24\] instead of \[/,
    ],
  ])("names the invalid settings: %s", async (_, config, message) => {
    const error = await loadNetwork(await withSettings(config)).catch((reason) => reason);
    expect(error).toBeInstanceOf(UnreadableCheckpointError);
    if (typeof message === "string") expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  it("refuses tensors that are missing, superfluous or have no width", async () => {
    const network = "model.safetensors: expected the tensors of the network in state.json, got";
    const given = async (tensors: typeof model) => sealed(encodeSafetensors(tensors), undefined, { config: settings });
    await expect(loadNetwork(await given(model.slice(0, -1)))).rejects.toThrow(
      new UnreadableCheckpointError(
        `${network} "dnc/output_linear/w" of [16, 2] instead of [16, 1]; no "dnc/output_linear/b"`,
      ),
    );
    await expect(loadNetwork(await given([...model, tensor("other", [1])]))).rejects.toThrow(
      new UnreadableCheckpointError(`${network} "other", which no variable has`),
    );
    await expect(loadNetwork(await given([]))).rejects.toThrow(/got no "dnc\/lstm\/w_gates"; .*; and 19 more$/);
    const flat = model.map((each) => (each.name === "dnc/lstm/w_gates" ? tensor(each.name, [0, 24]) : each));
    await expect(loadNetwork(await given(flat))).rejects.toThrow(
      new UnreadableCheckpointError(`${network} "dnc/lstm/w_gates" of [0, 24] instead of [17, 24]`),
    );
  });

  it.each([
    ["state.json: expected it or config.json, got neither", {}],
    ["model.safetensors: not there", { "state.json": files["state.json"] }],
    ["model.safetensors: not there", { "config.json": utf8("{}") }],
    [
      "model.safetensors: its SHA-256 is not the one in state.json",
      { ...files, "model.safetensors": encodeSafetensors([]) },
    ],
  ])("refuses incomplete and changed files: %s", async (message, given) => {
    await expect(loadNetwork(given as never)).rejects.toThrow(new DamagedCheckpointError(message));
  });

  it.each([
    ["config.json: expected JSON in UTF-8, got something else", utf8("{")],
    ["config.json: expected JSON in UTF-8, got something else", Uint8Array.of(0xff)],
    ["config.json: expected JSON in UTF-8, got something else", utf8("[".repeat(2 ** 20))],
    ["config.json: expected an object of settings, got null", utf8("null")],
    ["config.json: expected at most 1048576 bytes, got 1048577", new Uint8Array(2 ** 20 + 1)],
    ["config.json: seed: expected an integer from 0 to 2147483648, got an array", utf8('{"seed":[]}')],
  ])("refuses an invalid config.json: %s", async (message, bytes) => {
    const given = { "model.safetensors": files["model.safetensors"], "config.json": bytes };
    await expect(loadNetwork(given)).rejects.toThrow(new UnreadableCheckpointError(message));
  });

  it("refuses files that are not bytes", async () => {
    const given = { "model.safetensors": files["model.safetensors"], "config.json": "{}" as never };
    await expect(loadNetwork(given)).rejects.toThrow(new TypeError('config.json: expected a Uint8Array, got "{}"'));
  });
});
