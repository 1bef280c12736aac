import type { NetworkSizes } from "@dnc/core/engine";
import { describe, expect, it } from "vitest";
import type { Addon, NetworkHandle } from "../src/addon.js";
import { hosts } from "../src/hosts.js";
import { availableInstructionSets } from "../src/index.js";
import { loadAddon } from "../src/loader.js";
import { isBuilt, randomNumbers } from "./support.js";

const SIZES: NetworkSizes = {
  controller: "lstm",
  layers: 1,
  hiddenSize: 9,
  inputSize: 3,
  outputSize: 5,
  memorySize: 7,
  wordSize: 5,
  readHeads: 2,
  writeHeads: 1,
  clipValue: 20,
  masking: false,
  maskMinimum: 0,
  deallocation: false,
  sharpness: false,
  links: true,
  inputMask: false,
};
const SHAPE = { timeSteps: 4, batchSize: 3, maxThreads: 2, history: true, training: true };
const addon = loadAddon() as Addon;
const [instructionSet] = availableInstructionSets();
/** Every error of the addon says what was expected. */
const MESSAGE = /^[\w ]+: expected .+/;

function prepared() {
  const network = hosts.get().createNetwork(SIZES);
  network.set({ loss: 1, groupCount: 2, optimizer: 1, maxNorm: 10, learningRate: 1e-3 });
  network.prepare(SHAPE);
  return network;
}

describe.skipIf(!isBuilt)("a network refuses (needs the native engine; npm run build:native)", () => {
  it("sizes that are no network's", () => {
    const create = (sizes: Partial<NetworkSizes>) => () =>
      hosts
        .get()
        .createNetwork({ ...SIZES, ...sizes })
        .prepare(SHAPE);
    expect(create({ hiddenSize: 0 })).toThrow("hiddenSize: expected an integer from 1 to 1073741824, got 0");
    expect(create({ hiddenSize: 2 ** 29 })).toThrow(/: expected at most 1073741824 numbers, got /);
    expect(create({ inputSize: 2.5 })).toThrow("inputSize: expected an integer from 0 to 1073741824, got 2.5");
    expect(create({ readHeads: 0 })).toThrow("readHeads: expected an integer from 1 to 1024, got 0");
    expect(create({ controller: "none" })).toThrow("hiddenSize: expected 3, the inputs, got 9");
    expect(create({ controller: "gru", layers: 2 })).toThrow("layers: expected an integer from 1 to 1, got 2");
  });

  it("a shape that it cannot have, and keeps the one before", () => {
    const network = prepared();
    const parameters = new Float32Array(network.get("parameterCount")).map((_, at) => at);
    network.write("parameters", 0, parameters);
    for (const change of [
      { timeSteps: 0 },
      { batchSize: 1.5 },
      { maxThreads: 33 },
      { history: false },
      { timeSteps: NaN },
    ])
      expect(() => network.prepare({ ...SHAPE, ...change })).toThrow(RangeError);
    expect(() => network.prepare({ ...SHAPE, timeSteps: 1e6, batchSize: 500 })).toThrow(
      /^memory: expected at most \d+\.\d\d GiB, the run needs \d{3,}\.\d\d GiB$/,
    );
    expect(network.shape).toEqual(SHAPE);
    const found = new Float32Array(parameters.length);
    network.read("parameters", 0, found);
    expect(found).toEqual(parameters);
    network.run("train");
  });

  it("ranges beyond an array, arrays of another type, and numbers that it derives", () => {
    const network = prepared();
    const numbers = new Float32Array(4);
    expect(() => network.read("parameters", 1e6, numbers)).toThrow(
      /^parameters: expected a range within \d+ numbers, got 4 from 1000000 on$/,
    );
    expect(() => network.write("meanSquares", 0, numbers)).toThrow(RangeError); // Adam has none
    expect(() => network.read("inputs", -1, numbers)).toThrow(RangeError);
    expect(() => network.read("inputs", 0.5, numbers)).toThrow(RangeError);
    expect(() => network.write("inputs", 0, Int32Array.of(1))).toThrow("inputs: expected floats, got integers");
    expect(() => network.write("groupSizes", 0, Float32Array.of(1))).toThrow(
      "groupSizes: expected integers, got floats",
    );
    expect(() => network.write("order", 0, Int32Array.of(1))).toThrow(
      "order: expected an array that hosts may write, got another",
    );
    expect(() => network.write("groupSizes", 0, Int32Array.of(3, 3))).toThrow(
      "groupSizes: expected sizes above 0 whose sum is at most 5, got 3 after 3",
    );
    expect(() => network.set({ outPad: 3 })).toThrow(TypeError);
    expect(() => network.set({ slots: 1000 })).toThrow(
      "slots: expected the same value as when memory was prepared, got 1000",
    );
    expect(() => network.set({ optimizer: 0 })).toThrow(RangeError);
    expect(() => network.set({ learningRate: Number.NaN })).toThrow("learningRate: expected a number, got NaN");
  });

  it("commands that it is not prepared for", () => {
    const network = hosts.get().createNetwork(SIZES);
    expect(() => network.run("forward")).toThrow("network: expected one that is prepared, got one that is not");
    network.prepare({ ...SHAPE, training: false });
    expect(() => network.run("train")).toThrow("network: expected one prepared for training, got another");
    network.prepare({ ...SHAPE, training: false, history: false });
    expect(() => network.run("backward")).toThrow("network: expected one prepared with history, got another");
    expect(() => network.clearGradients()).toThrow("network: expected one prepared with history, got another");
    network.dispose();
    const inRounds = hosts.get().createNetwork(SIZES);
    inRounds.set({ historyLimit: 0 });
    inRounds.prepare({ ...SHAPE, batchSize: 12 });
    const message = "network: expected one prepared with keepsState, got one that runs its batch in rounds";
    expect(inRounds.get("places")).toBe(6);
    expect(() => inRounds.run("backward")).toThrow(message);
    expect(() => inRounds.clearGradients()).toThrow(message);
    inRounds.run("train");
    inRounds.set({ carriesState: 1 });
    expect(() => inRounds.run("train")).toThrow(message);
  });

  it("everything after it was disposed, which may be done twice", () => {
    const network = prepared();
    network.dispose();
    network.dispose();
    const message = "network: expected one that has its memory, got one that was disposed";
    expect(() => network.run("train")).toThrow(message);
    expect(() => network.prepare(SHAPE)).toThrow(message);
    expect(() => network.read("inputs", 0, new Float32Array(1))).toThrow(message);
    expect(() => network.set({ loss: 0 })).toThrow(message);
    expect(() => network.get("outPad")).toThrow(message);
  });

  it("everything while a command runs beside JavaScript", async () => {
    const network = prepared();
    const running = network.runAsync?.("train");
    const message = "network: expected one that is idle, got one that runs a command";
    expect(() => network.run("train")).toThrow(message);
    expect(() => network.prepare({ ...SHAPE, timeSteps: 9 })).toThrow(message);
    expect(() => network.write("inputs", 0, new Float32Array(1))).toThrow(message);
    expect(() => network.dispose()).toThrow(message);
    await expect(network.runAsync?.("train")).rejects.toThrow(message);
    await running;
    network.run("train");
  });
});

describe.skipIf(!isBuilt)("the addon (needs the native engine; npm run build:native)", () => {
  it("answers ten thousand calls with any arguments, or says what it expected", () => {
    const random = randomNumbers(1);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)];
    const networks = Array.from({ length: 6 }, () => addon.create(instructionSet));
    for (const network of networks.slice(1)) {
      const numbers = {
        ...{ inputSize: 2, outputSize: 3, hiddenSize: 5, layers: 1, slots: 4 },
        wordSize: 3,
        readHeads: 2,
        writeHeads: 1,
      };
      for (const [name, value] of Object.entries(numbers)) addon.set(network, addon.fields().indexOf(name), value);
      addon.prepare(network, 3, 2, 2, 1, 1, 1e8);
    }
    addon.dispose(networks[1]);
    const detached = new Float32Array(8);
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    const values = [
      ...[
        ...networks,
        ...networks,
        {},
        Object.create(networks[2] as object),
        new Proxy(networks[2] as object, {}),
        [],
        null,
        undefined,
      ],
      ...[
        0,
        1,
        2,
        3,
        0.5,
        -1,
        -0,
        7,
        31,
        64,
        124,
        125,
        1e9,
        2 ** 31,
        2 ** 32,
        2 ** 53,
        1e300,
        NaN,
        Infinity,
        -Infinity,
      ],
      ...[
        "",
        "avx2",
        true,
        false,
        1n,
        Symbol("a"),
        () => 1,
        new Date(),
        new Float32Array(4),
        new Float32Array(0),
        detached,
      ],
      ...[
        new Int32Array(2),
        new Float64Array(4),
        new Uint8Array(3),
        new Float32Array(new SharedArrayBuffer(16)),
        new DataView(new ArrayBuffer(4)),
      ],
    ];
    const fields = addon.fields().map((_, at) => at);
    const functions = Object.entries(addon).filter(([name]) => name !== "startThreads" && name !== "runAsync");
    let [accepted, refused] = [0, 0];
    for (let call = 0; call < 10_000; call++) {
      const [name, invoke] = pick(functions);
      const args = Array.from({ length: Math.floor(random() * 9) }, () =>
        random() < 0.4 ? pick(fields) : pick(values),
      );
      if (random() < 0.8) args[0] = pick(networks);
      if (name === "dispose" && random() < 0.9) continue;
      try {
        invoke(...(args as [NetworkHandle]));
        accepted++;
      } catch (error) {
        expect((error as Error).message, name).toMatch(MESSAGE);
        refused++;
      }
    }
    expect(accepted).toBeGreaterThan(1000);
    expect(refused).toBeGreaterThan(1000);
  });

  it("needs its own networks: neither an object that inherits from one nor a proxy of one", () => {
    const network = addon.create(instructionSet) as object;
    for (const other of [{}, Object.create(network), new Proxy(network, {}), null, 1])
      expect(() => addon.get(other as NetworkHandle, 0)).toThrow(/^network: expected one of `create`, got /);
  });
});
