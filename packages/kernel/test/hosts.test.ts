import { Dnc } from "@dnc/core";
import { describe, expect, it, vi } from "vitest";
import { createKernelEngine, KernelHosts, type KernelHostsSetup, KernelTrainer, setUpTrainer } from "../src/index.js";
import { FakeHost } from "./fake-host.js";

type Name = "paper" | "stone";
type Setup = KernelHostsSetup<Name, FakeHost>;

const CONFIG = { inputSize: 3, outputSize: 2, memorySize: 4, wordSize: 3, hiddenSize: 5, seed: 1 };

/** Hosts of a machine that has paper, but no stone. */
function hostsOf(more: Partial<Setup> = {}) {
  const host = new FakeHost();
  const find = vi.fn((name: Name | undefined) => (name === "stone" ? "stones: expected some, got none" : host));
  const setup = { hostName: "imaginary", instructionSets: ["paper", "stone"], find, countCores: () => 6, ...more };
  return { host, find, hosts: new KernelHosts<Name, FakeHost>(setup as Setup) };
}

describe("KernelHosts", () => {
  it("finds the host that is requested, else the configured one, else the fastest", () => {
    const { host, find, hosts } = hostsOf();
    expect(hosts.get()).toBe(host);
    hosts.configure({ instructionSet: "stone" });
    expect(hosts.whyNone()).toBe("stones: expected some, got none");
    expect(() => hosts.get()).toThrow(new TypeError("stones: expected some, got none"));
    expect(hosts.whyNone("paper")).toBeUndefined();
    hosts.configure({ threads: 1 });
    expect(hosts.get()).toBe(host);
    expect(find.mock.calls.flat()).toEqual([undefined, "stone", "stone", "paper", undefined]);
  });

  it("has as many threads as configured, else as the machine has cores, up to 8", () => {
    const { hosts } = hostsOf();
    expect(hosts.threads).toBe(6);
    hosts.configure({ threads: 32 });
    expect(hosts.threads).toBe(32);
    hosts.configure({});
    expect(hosts.threads).toBe(6);
    expect(hostsOf({ countCores: () => 64 }).hosts.threads).toBe(8);
  });

  it.each([
    [{ threads: 0 }, new RangeError("threads: expected an integer from 1 to 32, got 0")],
    [{ threads: 2.5 }, new RangeError("threads: expected an integer from 1 to 32, got 2.5")],
    [{ threads: 33 }, new RangeError("threads: expected an integer from 1 to 32, got 33")],
    [{ cores: 2 }, new TypeError('options: unknown key "cores"')],
    [{ instructionSet: "wood" }, new TypeError('instructionSet: expected one of paper, stone, got "wood"')],
    [undefined, new TypeError("options: expected an object, got undefined")],
  ])("refuses to be configured with %j, and keeps what it had", (options, error) => {
    const { hosts } = hostsOf();
    hosts.configure({ threads: 3 });
    expect(() => hosts.configure(options as never)).toThrow(error);
    expect(hosts.threads).toBe(3);
  });

  it("leaves the message about a configured instruction set to the engine if it has its own", () => {
    const checkConfigured = vi.fn();
    const { hosts } = hostsOf({ checkConfigured });
    hosts.configure({ instructionSet: "wood" as never });
    hosts.configure({});
    expect(checkConfigured.mock.calls).toEqual([["wood"]]);
    expect(() => hosts.checkInstructionSet("wood")).toThrow(TypeError);
  });
});

describe("setUpTrainer", () => {
  it("chooses host and threads, and completes the options", () => {
    const { host, hosts } = hostsOf();
    const core = new Dnc(CONFIG);
    expect(setUpTrainer(hosts, core, {})).toMatchObject({
      ...{ host, hostName: "imaginary", threads: 6 },
      options: { maxGradNorm: 50, loss: "sigmoid", carryState: false },
    });
    const given = { threads: 2, instructionSet: "paper" as const, maxGradNorm: 10 };
    expect(setUpTrainer(hosts, core, given)).toMatchObject({ threads: 2, options: { maxGradNorm: 10 } });
  });

  it.each([
    [{ threads: 0 }, new RangeError("threads: expected an integer above 0, got 0")],
    [{ instructionSet: "wood" }, new TypeError('instructionSet: expected one of paper, stone, got "wood"')],
    [{ instructionSet: "stone" }, new TypeError("stones: expected some, got none")],
    [{ cores: 2 }, TypeError],
  ])("refuses %j", (options, error) => {
    expect(() => setUpTrainer(hostsOf().hosts, new Dnc(CONFIG), options as never)).toThrow(error);
  });

  it("refuses a core of which something is overridden", () => {
    const core = Object.assign(new Dnc(CONFIG), { step: () => {} });
    expect(() => setUpTrainer(hostsOf().hosts, core as never, {})).toThrow(
      new TypeError("core: expected a stock Dnc, got one with a custom step"),
    );
  });
});

describe("createKernelEngine", () => {
  it("supports the networks that the kernel computes, where there is a host", () => {
    const { hosts } = hostsOf();
    const engine = createKernelEngine("paper", hosts, (core, options = {}) => {
      return new KernelTrainer(core, setUpTrainer(hosts, core, options));
    });
    const { config } = new Dnc(CONFIG);
    expect(engine.supports(config)).toBe(true);
    expect(engine.supports({ ...config, controller: (() => {}) as never })).toMatch(
      /^controller: expected .+ a function$/,
    );
    expect(engine.createTrainer(new Dnc(CONFIG)).description).toBe("fused imaginary kernel (paper), up to 6 threads");
    hosts.configure({ instructionSet: "stone" });
    expect(engine.supports(config)).toBe("stones: expected some, got none");
  });
});
