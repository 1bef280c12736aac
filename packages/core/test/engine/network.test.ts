import { expect, it } from "vitest";
import { Dnc } from "../../src/dnc.js";
import { supportsStandardNetwork, whyNotStandard } from "../../src/engine/network.js";

const { config } = new Dnc({ inputSize: 2, outputSize: 1 });

it("every setting of a network is known", () => {
  expect(whyNotStandard(config)).toBeUndefined();
  expect(supportsStandardNetwork(config)).toBe(true);
});

it("a network with a setting that an engine does not know is refused with the setting's name", () => {
  const variant = { ...config, memory: { links: false } };
  const reason = "memory: expected a network without this setting, got an object";
  expect(whyNotStandard(variant)).toBe(reason);
  expect(supportsStandardNetwork(variant)).toBe(reason);
  expect(supportsStandardNetwork({ ...config, memory: undefined } as typeof config)).toBe(true);
});
