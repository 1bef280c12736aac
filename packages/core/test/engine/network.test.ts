import { describe, expect, it } from "vitest";
import { Dnc } from "../../src/dnc.js";
import { networkSizes, supportsStandardNetwork, whyNoSizes, whyNotStandard } from "../../src/engine/network.js";
import { LstmNetwork } from "../../src/lstm-network.js";

const SIZES = { inputSize: 2, outputSize: 1 };
const { config } = new Dnc(SIZES);

describe("a network's settings", () => {
  it("are all known", () => {
    expect(whyNoSizes(config)).toBeUndefined();
    expect(supportsStandardNetwork(config)).toBe(true);
    expect(supportsStandardNetwork({ ...config, memory: undefined })).toBe(true);
  });

  it("are refused with the name of one that an engine does not know", () => {
    const reason = "expected a network without this setting, got true";
    expect(whyNoSizes({ ...config, attention: true } as typeof config)).toBe(`attention: ${reason}`);
    expect(whyNoSizes({ ...config, memory: { ...config.memory, decay: true } } as typeof config)).toBe(
      `memory.decay: ${reason}`,
    );
    expect(whyNoSizes({ ...config, access: () => undefined })).toBe("access: expected none, got a function");
    expect(whyNoSizes({ ...config, controller: () => undefined })).toBe(
      'controller: expected one of "lstm", "deep-lstm", "gru", "feed-forward", got a function',
    );
  });

  it("become attributes of the op, one for each", () => {
    const memory = { masking: { minimum: 0.25 }, deallocation: true, sharpness: true };
    expect(networkSizes(new Dnc({ ...SIZES, memory, controller: "gru", clipValue: null }).config)).toEqual({
      ...{ controller: "gru", layers: 1, hiddenSize: 64, inputSize: 2, outputSize: 1, clipValue: 0 },
      ...{ memorySize: 16, wordSize: 16, readHeads: 4, writeHeads: 1, inputMask: false },
      ...{ masking: true, maskMinimum: 0.25, deallocation: true, sharpness: true, links: true },
    });
    expect(networkSizes(new LstmNetwork({ ...SIZES, layers: 2 }).config)).toEqual({
      ...{ controller: "lstm", layers: 2, hiddenSize: 64, inputSize: 2, outputSize: 1, clipValue: 20 },
      ...{ memorySize: 0, wordSize: 0, readHeads: 0, writeHeads: 0, inputMask: false },
      ...{ masking: false, maskMinimum: 0, deallocation: false, sharpness: false, links: false },
    });
  });

  it.each([
    [{ masking: true }, "memory.masking: expected false, got true"],
    [{ deallocation: true }, "memory.deallocation: expected false, got true"],
    [{ sharpness: true }, "memory.sharpness: expected false, got true"],
    [{ links: false }, "memory.links: expected true, got false"],
  ])("%j are not those of the paper", (memory, reason) => {
    expect(supportsStandardNetwork(new Dnc({ ...SIZES, memory }).config)).toBe(reason);
  });

  it("without a memory, with a GRU or with an input mask are not those of the paper", () => {
    expect(supportsStandardNetwork(new LstmNetwork(SIZES).config)).toBe("memory: expected one, got false");
    expect(supportsStandardNetwork(new Dnc({ ...SIZES, controller: "gru" }).config)).toBe(
      'controller: expected "lstm", "deep-lstm" or "feed-forward", got "gru"',
    );
    expect(whyNotStandard({ ...networkSizes(config), inputMask: true })).toBe("inputMask: expected none, got one");
  });
});
