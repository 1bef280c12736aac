import { findEngine, findEngines } from "@dnc/core/engine";
import * as wasm from "@dnc/engine-wasm";
import { UsageError } from "@dnc/settings";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import type { EngineRecord } from "../../src/engine/engine-name.js";
import type { LoadedEngine } from "../../src/engine/load-engine.js";
import { recordedEngine, whyOtherBits } from "../../src/engine/recorded-engine.js";
import { backendForEngine, type EngineOptions, selectEngine } from "../../src/engine/select-engine.js";

afterAll(() => selectEngine({ requested: "wasm" }));

const SETS: Record<string, string[]> = { native: ["avx512", "avx2"], wasm: ["relaxed-simd", "simd"] };

/** Selects one of two engines that only have a name; those without instruction sets are not available. */
async function select(options: EngineOptions, sets: Readonly<Record<string, string[]>> = SETS) {
  const configured: Record<string, object> = {};
  const loaded: string[] = [];
  const load = async (name: "native" | "wasm"): Promise<LoadedEngine> => {
    loaded.push(name);
    return {
      engine: { ...wasm.wasmEngine, name },
      availableInstructionSets: () => sets[name] ?? [],
      configureEngine: (given) => {
        configured[name] = given;
      },
      whyUnavailable: () => (sets[name] === undefined ? `${LABELS[name]}: expected one, got none` : undefined),
    };
  };
  const { name, instructionSet, unavailable } = await selectEngine(options, load);
  return { name, instructionSet, unavailable, loaded, configured: configured[name] };
}

const LABELS = { native: "native engine", wasm: "WebAssembly" };
const noNative = { wasm: SETS.wasm };

describe("the engine of the CPU backend", () => {
  it("is with auto the first that works, and no other is loaded", async () => {
    expect(await select({ requested: "auto", threads: 3 })).toMatchObject({
      ...{ name: "native", instructionSet: "avx512", unavailable: {}, loaded: ["native"] },
      configured: { threads: 3 },
    });
    const [native, wasm] = ["native engine: expected one, got none", "WebAssembly: expected one, got none"];
    expect(await select({ requested: "auto" }, noNative)).toMatchObject({ name: "wasm", unavailable: { native } });
    const none = await select({ requested: "auto" }, {});
    expect(none).toMatchObject({ name: "ops", instructionSet: null, unavailable: { native, wasm } });
  });

  it("is the one that is requested, and alone computes", async () => {
    await tf.setBackend("cpu");
    for (const requested of ["native", "wasm"] as const) {
      expect((await select({ requested })).loaded).toEqual([requested]);
      expect(findEngine("cpu")?.name).toBe(requested);
    }
    expect((await select({ requested: "ops" })).loaded).toEqual([]);
    expect(findEngines("cpu").filter((engine) => "kernels" in engine)).toEqual([]);
    expect(tf.getKernel("DncUnrollGradient", "cpu")).toBeUndefined();
  });

  it.each(["native", "wasm"] as const)("is refused with the reason if %s does not work", async (requested) => {
    await expect(select({ requested }, {})).rejects.toThrow(
      new UsageError(`--engine ${requested}: expected one, got none`),
    );
  });

  it("is that of the run that resumes, with its instruction set, if this machine has them", async () => {
    const resumed = (name: string, instructionSet: string | null, sets = SETS) =>
      select({ requested: "auto", previous: { name, instructionSet } }, sets);
    expect(await resumed("native", "avx2")).toMatchObject({
      ...{ name: "native", instructionSet: "avx2", configured: { instructionSet: "avx2" } },
    });
    expect(await resumed("wasm", "simd")).toMatchObject({ name: "wasm", instructionSet: "simd", loaded: ["wasm"] });
    expect(await resumed("wasm", null)).toMatchObject({ name: "wasm", instructionSet: "relaxed-simd" });
    expect(await resumed("ops", null)).toMatchObject({ name: "ops" });
    expect(await resumed("native", "neon")).toMatchObject({ name: "native", instructionSet: "avx512" });
    expect(await resumed("native", "avx2", noNative)).toMatchObject({ name: "wasm", instructionSet: "relaxed-simd" });
    expect(await resumed("a later one", "x")).toMatchObject({ name: "native", instructionSet: "avx512" });
    // What is requested has priority, with the run's instruction set if it is the same engine.
    const previous = { name: "native", instructionSet: "avx2" };
    expect(await select({ requested: "native", previous })).toMatchObject({ instructionSet: "avx2" });
    expect(await select({ requested: "wasm", previous })).toMatchObject({ name: "wasm" });
  });
});

describe("backendForEngine", () => {
  it("is cpu for every engine, and refuses them on another backend", () => {
    expect(backendForEngine("auto", "auto")).toBe("auto");
    expect(backendForEngine("webgpu", "auto")).toBe("webgpu");
    for (const engine of ["native", "wasm", "ops"] as const) {
      expect(backendForEngine("auto", engine)).toBe("cpu");
      expect(backendForEngine("cpu", engine)).toBe("cpu");
      expect(() => backendForEngine("webgpu", engine)).toThrow(
        new UsageError(`--engine: expected auto on backend webgpu, got ${engine}`),
      );
    }
  });
});

describe("the engine of a checkpoint", () => {
  it("is recorded; before there was a field for it, it was WebAssembly", () => {
    expect(recordedEngine({ engine: "native", instruction_set: "avx2" })).toEqual(record("native", "avx2"));
    expect(recordedEngine({ engine: "ops", instruction_set: null })).toEqual(record("ops", null));
    for (const set of ["simd", "relaxed-simd"])
      expect(recordedEngine({ instruction_set: set })).toEqual(record("wasm", set));
    expect(recordedEngine({ engine: null, instruction_set: { toString: 1 } })).toEqual(record("wasm", null));
  });

  const record = (name: string, instructionSet: string | null): EngineRecord => ({ name, instructionSet });
  const native = record("native", "avx512");
  const within = "numbers continue within tolerance, not to the last bit";

  it.each([
    ["the same", native, native, "auto", undefined],
    ["the same", native, native, "native", undefined],
    ["requested", native, record("wasm", "simd"), "wasm", `the run was on engine native: its ${within}`],
    ["requested", record("ops", null), native, "native", `the run was on engine ops: its ${within}`],
    [
      "missing",
      native,
      record("wasm", "simd"),
      "auto",
      `this machine has no native engine with avx512: the run's ${within}`,
    ],
    [
      "missing",
      native,
      record("native", "avx2"),
      "auto",
      `this machine has no native engine with avx512: the run's ${within}`,
    ],
    [
      "missing",
      record("wasm", "relaxed-simd"),
      record("wasm", "simd"),
      "auto",
      `this machine has no relaxed-simd: the run's ${within}`,
    ],
    ["missing", record("wasm", "a\x1bb"), native, "auto", `this machine has no a\\x1bb: the run's ${within}`],
    ["unknown", record("wasm", null), record("wasm", "simd"), "auto", undefined],
  ] as const)(
    "says why bits differ: the engine is %s (%o, then %o with %s)",
    (_, previous, selected, requested, text) => {
      expect(whyOtherBits(previous, selected, requested)).toBe(text);
    },
  );
});
