import { spawnSync } from "node:child_process";
import { supportsCore } from "@dnc/core/engine";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WasmTrainer } from "../src/index.js";
import { availableInstructionSets, INSTRUCTION_SETS, loadKernel } from "../src/kernel.js";
import { awaitThreads, Dnc, makeBatch, parametersOf, rmsProp, TINY } from "./support.js";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.resetModules();
});

/** Runs a short training; returns all its numbers, and the number of threads. */
function train(training: WasmTrainer, core: Dnc) {
  const steps = [3, 5, 2].map((time) => [training.step(makeBatch(time, 3, time)), training.logits(time, 3)]);
  return { bits: [steps, parametersOf(core, training)], threads: training.threadsUsed };
}

describe("loadKernel", () => {
  it("compiles the requested instruction set, by default the fastest that the machine supports", () => {
    for (const wanted of INSTRUCTION_SETS) expect(loadKernel(wanted)).toMatchObject({ instructionSet: wanted });
    const best = loadKernel();
    expect(best).toMatchObject({ instructionSet: "relaxed-simd", shared: true });
    const validate = vi.spyOn(WebAssembly, "validate").mockReturnValueOnce(false).mockReturnValueOnce(false);
    expect(loadKernel()).toMatchObject({ instructionSet: "simd" });
    validate.mockReturnValue(false);
    expect(() => loadKernel()).toThrow(new TypeError("WebAssembly: expected simd, this machine has none"));
  });

  it("refuses a module whose plan is not that of the installed @dnc/kernel", () => {
    const { exports } = loadKernel();
    vi.spyOn(WebAssembly, "Instance").mockImplementation(
      class {
        exports = { ...exports, planSize: () => exports.planSize() + 4 };
      } as never,
    );
    const message = /^a kernel whose plan has \d+ bytes, where this version of @dnc\/kernel has \d+$/;
    expect(() => loadKernel()).toThrow(message);
  });

  it("sets no flag of V8 if the machine accepts the module without it: a newer V8 would print a warning", () => {
    vi.spyOn(WebAssembly, "validate").mockReturnValue(true);
    const builtin = vi.spyOn(process, "getBuiltinModule");
    loadKernel();
    availableInstructionSets();
    expect(builtin).not.toHaveBeenCalledWith("node:v8");
  });
});

describe("without shared memory, as in a page that is not isolated", () => {
  it.each(INSTRUCTION_SETS)("training with %s runs on one thread and has the same bits", async (instructionSet) => {
    const [core, other] = [1, 2].map(() => new Dnc({ ...TINY, memorySize: 40, wordSize: 30 }));
    const options = { threads: 3, instructionSet, optimizer: rmsProp({ learningRate: 0.01 }) };
    const shared = new WasmTrainer(core, options);
    const warmUp = new WasmTrainer(new Dnc(TINY), options);
    await awaitThreads(warmUp, makeBatch(1, 3, 1), 3);
    const reference = train(shared, core);
    expect(reference.threads).toBe(3);

    vi.stubGlobal("SharedArrayBuffer", undefined);
    vi.resetModules();
    const fresh = await import("../src/trainer.js");
    const { hosts } = await import("../src/hosts.js");
    const alone = train(new fresh.WasmTrainer(other, options), other);
    const { kernel, memory } = hosts.get(instructionSet).runtime;
    expect(kernel.shared).toBe(false);
    expect(memory.buffer).toBeInstanceOf(ArrayBuffer);
    expect(alone).toEqual({ ...reference, threads: 1 });
  });
});

describe("without workers", () => {
  it("training runs on one thread and allocates no memory for others", async () => {
    vi.resetModules();
    const { WasmTrainer: Alone } = await import("../src/trainer.js");
    const { hosts } = await import("../src/hosts.js");
    const { heap, threads } = hosts.get().runtime;
    const builtin = process.getBuiltinModule;
    vi.spyOn(process, "getBuiltinModule").mockImplementation(((name: string) => {
      const real = builtin(name);
      if (name !== "node:worker_threads") return real;
      return {
        ...(real as object),
        Worker: class {
          constructor() {
            throw new Error("no workers");
          }
        },
      };
    }) as typeof builtin);
    const trainings = [1, 2, 3].map(() => new Alone(new Dnc(TINY), { threads: 3 }));
    for (const training of trainings) {
      expect(training.step(makeBatch(2, 3, 1)).applied).toBe(true);
      expect(training.threadsUsed).toBe(1);
      training.dispose();
    }
    // All memory was freed: the next block begins where the barrier ends.
    const { start } = heap.allocate(64);
    const { start: next } = heap.allocate(64);
    expect(next - start).toBe(64);
    expect(start).toBe(threads.barrier + 64);
  });
});

describe("a machine without WebAssembly SIMD", () => {
  it("runs step by step and refuses to train", async () => {
    vi.resetModules();
    vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    const engine = await import("../src/index.js");
    const core = new Dnc(TINY);
    expect(supportsCore(engine.wasmEngine, core)).toMatch(/^WebAssembly: expected /);
    expect(() => new engine.WasmTrainer(core)).toThrow(
      new TypeError("WebAssembly: expected simd, this machine has none"),
    );
    expect(() => new engine.WasmTrainer(core, { instructionSet: "relaxed-simd" })).toThrow(
      new TypeError("WebAssembly: expected relaxed-simd, this machine has none"),
    );
  });
});

describe("a process that has no WebAssembly, or no memory for it", () => {
  const noMemory = "WebAssembly: expected address space for its memory, got none (could not allocate memory)";
  const cases: readonly [what: string, reason: string, take: () => void][] = [
    [
      "without WebAssembly",
      "WebAssembly: expected it in this process, got none",
      () => vi.stubGlobal("WebAssembly", undefined),
    ],
    ["without address space", noMemory, () => refuse("Memory", new RangeError("could not allocate memory"))],
    [
      "where a module does not start",
      "WebAssembly: expected it to start, got out of room",
      () => refuse("Instance", new RangeError("out of room")),
    ],
    [
      "where a module does not compile",
      "WebAssembly: expected it to start, got blocked by a policy",
      () => refuse("Module", new Error("blocked by a policy")),
    ],
  ];

  function refuse(name: "Memory" | "Instance" | "Module", error: Error): void {
    // A class, because an arrow function is not a constructor.
    vi.spyOn(WebAssembly, name).mockImplementation(
      class {
        constructor() {
          throw error;
        }
      } as never,
    );
  }

  it.each(cases)(
    "%s: importing does not throw, the core still computes, training gives the reason",
    async (_what, reason, take) => {
      const { loss } = new WasmTrainer(new Dnc(TINY)).step(makeBatch(2, 3, 1));
      expect(loss).toBeGreaterThan(0);
      vi.resetModules();
      take();
      const engine = await import("../src/index.js");
      const core = new Dnc(TINY);
      expect(supportsCore(engine.wasmEngine, core)).toMatch(/^WebAssembly: expected /);
      expect(engine.whyUnavailable()).toBe(reason);
      expect(engine.availableInstructionSets()).toEqual(reason.includes("in this process") ? [] : INSTRUCTION_SETS);
      expect(await engine.startThreads(4)).toBe(1);
      expect(() => new engine.WasmTrainer(core)).toThrow(new TypeError(reason));
      core.dispose();
    },
  );

  it("is reported by whyUnavailable, which returns undefined here", async () => {
    expect((await import("../src/index.js")).whyUnavailable()).toBeUndefined();
  });

  it.each([["Node without a compiler", "--jitless", "WebAssembly: expected it in this process, got none"]])(
    "%s imports the package",
    (_what, flag, reason) => {
      const index = new URL("../dist/index.js", import.meta.url).href;
      const script = `import(${JSON.stringify(index)}).then(({ whyUnavailable }) => console.log(whyUnavailable()))`;
      const { stdout, status } = spawnSync(process.execPath, [flag, "-e", script], { encoding: "utf8" });
      expect([status, stdout]).toEqual([0, `${reason}\n`]);
    },
  );

  it.skipIf(process.platform !== "linux")(
    "a process with little address space imports the package (needs Linux)",
    () => {
      const index = new URL("../dist/index.js", import.meta.url).href;
      const script = `import(${JSON.stringify(index)}).then(({ whyUnavailable }) => console.log(whyUnavailable()))`;
      const limited = ["-c", 'ulimit -v 6291456; exec "$0" "$@"', process.execPath, "-e", script];
      const { stdout, status } = spawnSync("sh", limited, { encoding: "utf8" });
      expect(status).toBe(0);
      // Newer versions of V8 manage with it.
      const isNode20 = process.versions.node.startsWith("20.");
      expect(stdout).toMatch(
        isNode20
          ? /^WebAssembly: expected address space for its memory, got none \(.*\)\n$/
          : /^(undefined|WebAssembly: expected address space for its memory, got none \(.*\))\n$/,
      );
    },
  );
});
