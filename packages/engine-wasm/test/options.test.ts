import { afterEach, describe, expect, it } from "vitest";
import { availableInstructionSets, configureEngine, type EngineOptions, WasmTrainer } from "../src/index.js";
import { Dnc, TINY } from "./support.js";

afterEach(() => configureEngine({}));

describe("configureEngine", () => {
  it("sets the defaults of training, until it is called again", () => {
    const created = (options = {}) => {
      const { instructionSet, threads } = new WasmTrainer(new Dnc(TINY), options);
      return { instructionSet, threads };
    };
    configureEngine({ threads: 3, instructionSet: "simd" });
    expect(created()).toEqual({ threads: 3, instructionSet: "simd" });
    expect(created({ threads: 1, instructionSet: "relaxed-simd" })).toEqual({
      threads: 1,
      instructionSet: "relaxed-simd",
    });
    configureEngine({});
    expect(created({ threads: 2 })).toEqual({ threads: 2, instructionSet: "relaxed-simd" });
  });

  it("by default selects the first instruction set that this machine supports", () => {
    const sets = availableInstructionSets();
    expect(["relaxed-simd", "simd"]).toEqual(expect.arrayContaining([...sets]));
    expect(new WasmTrainer(new Dnc(TINY)).instructionSet).toBe(sets[0]);
  });

  it.each([
    [{ threads: 0 }, RangeError],
    [{ threads: 2.5 }, RangeError],
    [{ instructionSet: "sse" }, TypeError],
  ])("refuses %j", (options, kind) => {
    expect(() => configureEngine(options as EngineOptions)).toThrow(kind);
  });
});
