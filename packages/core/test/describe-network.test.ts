import { expect, it } from "vitest";
import { describeNetwork } from "../src/describe-network.js";
import { Dnc } from "../src/dnc.js";

it("names the sizes, and counts the parameters", () => {
  const network = new Dnc({ inputSize: 6, outputSize: 5 });
  expect(describeNetwork(network)).toBe(
    "lstm 64, memory 16 x 16, 4 read heads, 1 write head: 43980 parameters in 24 tensors",
  );
  const { config, variables } = network;
  expect(describeNetwork({ config: { ...config, memorySize: 32, readHeads: 1, writeHeads: 2 }, variables })).toBe(
    "lstm 64, memory 32 x 16, 1 read head, 2 write heads: 43980 parameters in 24 tensors",
  );
  expect(describeNetwork({ config: { ...config, controller: () => ({}) as never }, variables: [] })).toMatch(
    /^custom controller, memory .*: 0 parameters in 0 tensors$/,
  );
  network.dispose();
});

it("names the variants, and a custom memory access", () => {
  const memory = { masking: true, deallocation: true, sharpness: true };
  const all = new Dnc({ inputSize: 6, outputSize: 5, controller: "gru", memory });
  expect(describeNetwork(all)).toMatch(
    /^gru 64, memory 16 x 16, 4 read heads, 1 write head, masking, de-allocation, sharpness: \d+ parameters in 34 tensors$/,
  );
  const { config, variables } = new Dnc({ inputSize: 6, outputSize: 5, memory: { links: false } });
  expect(describeNetwork({ config, variables })).toMatch(/1 write head, no links: \d+ parameters in 22 tensors$/);
  const custom = { ...config, access: () => ({}) as never };
  expect(describeNetwork({ config: custom, variables })).toMatch(/^lstm 64, custom memory 16 x 16, 4 read heads/);
});
