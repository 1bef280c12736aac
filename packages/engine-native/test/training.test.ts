import { Dnc } from "@dnc/core";
import { WasmTrainer } from "@dnc/engine-wasm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { availableInstructionSets, NativeTrainer } from "../src/index.js";
import { bitsOf, isBuilt, makeBatch, ODD, REFERENCE, trainings } from "./support.js";

const THREADS = [1, 2, 3, 7];
const INSTRUCTION_SETS = availableInstructionSets();
const batchesOf = (count: number, widths = ODD) =>
  Array.from({ length: count }, (_, at) => makeBatch(1 + ((at * 3) % 5), 8, at, widths));

describe.skipIf(!isBuilt)("training (needs the native engine; npm run build:native)", () => {
  it.each(
    INSTRUCTION_SETS.flatMap((instructionSet) => [REFERENCE, ODD].map((config) => [instructionSet, config] as const)),
  )("with %s agrees with WebAssembly to 1e-6 for %j", (instructionSet, config) => {
    const [core, other] = [new Dnc(config), new Dnc(config)];
    const [trainer, wasm] = [new NativeTrainer(core, { instructionSet }), new WasmTrainer(other)];
    for (const batch of batchesOf(20, config)) {
      const [{ loss, globalNorm }, expected] = [trainer.step(batch), wasm.step(batch)];
      expect(Math.abs(loss / expected.loss - 1)).toBeLessThan(1e-6);
      expect(globalNorm).toBeAllClose(expected.globalNorm, { absolute: 1e-5, relative: 1e-5 });
      const { timeSteps, batchSize } = batch;
      expect(trainer.logits(timeSteps, batchSize)).toBeAllClose(wasm.logits(timeSteps, batchSize), { absolute: 1e-6 });
    }
    trainer.writeToVariables();
    wasm.writeToVariables();
    for (const [index, { variable }] of core.variables.entries())
      expect(variable).toBeAllClose(other.variables[index].variable, { absolute: 1e-6 });
    trainer.dispose();
    wasm.dispose();
  });

  it.each(INSTRUCTION_SETS)("with %s has the same bits on any number of threads, and resumed", (instructionSet) => {
    fc.assert(
      fc.property(trainings, ({ config, loss: [loss, groups], optimizer, carryState }) => {
        const options = { instructionSet, loss, ...groups, optimizer, carryState };
        const batches = batchesOf(4);
        const bits = THREADS.map((threads) => {
          const core = new Dnc(config);
          const trainer = new NativeTrainer(core, { ...options, threads });
          const results = batches.map((batch) => trainer.step(batch));
          expect(trainer.threadsUsed).toBe(threads);
          return [results, bitsOf(core, trainer)];
        });
        for (const other of bits.slice(1)) expect(other).toEqual(bits[0]);

        const core = new Dnc(config);
        let trainer = new NativeTrainer(core, { ...options, threads: 2 });
        for (const [at, batch] of batches.entries()) {
          if (at === 2) {
            bitsOf(core, trainer);
            const resumed = new NativeTrainer(core, { ...options, threads: 3 });
            Object.assign(resumed.optimizerState, trainer.optimizerState);
            resumed.carriedState = trainer.carriedState;
            resumed.readFromVariables();
            trainer.dispose();
            trainer = resumed;
          }
          trainer.step(batch);
        }
        expect(bitsOf(core, trainer)).toEqual(bits[0][1]);
      }),
      { numRuns: 15, seed: 1 },
    );
  });

  it("without blocking the event loop has the same bits, and refuses everything else meanwhile", async () => {
    const config = { ...REFERENCE, hiddenSize: 128, memorySize: 64, wordSize: 32 };
    const [core, other] = [new Dnc(config), new Dnc(config)];
    const [trainer, reference] = [new NativeTrainer(core, { threads: 2 }), new NativeTrainer(other, { threads: 1 })];
    const batch = makeBatch(60, 8, 1, config);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    for (let step = 0; step < 5; step++) {
      const result = trainer.stepAsync(batch);
      expect(() => trainer.step(batch)).toThrow(/expected its last step to be finished/);
      expect(() => trainer.dispose()).toThrow(/expected its last step to be finished/);
      expect(await result).toEqual(reference.step(batch));
    }
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
    expect(bitsOf(core, trainer)).toEqual(bitsOf(other, reference));
  });

  it("of several networks at once, some without blocking, has the bits of each alone", async () => {
    const cores = [1, 2, 3, 4].map((seed) => new Dnc({ ...ODD, seed }));
    const trainersOf = () => cores.map((core) => new NativeTrainer(core, { threads: 2 }));
    const [together, alone] = [trainersOf(), trainersOf()];
    const batch = makeBatch(40, 8, 3, ODD);
    const running = together.slice(1).map((trainer) => trainer.stepAsync(batch));
    const first = together[0].step(batch);
    expect([first, ...(await Promise.all(running))]).toEqual(alone.map((trainer) => trainer.step(batch)));
  });
});
