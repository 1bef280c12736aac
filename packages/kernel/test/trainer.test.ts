import { Dnc } from "@dnc/core";
import { type BatchArrays, completeTrainerOptions, type TrainerOptions } from "@dnc/core/engine";
import { describe, expect, it } from "vitest";
import { KernelTrainer, MAX_THREADS } from "../src/index.js";
import { FakeHost, type FakeNetwork } from "./fake-host.js";

const SIZES = { inputSize: 3, outputSize: 2, memorySize: 4, wordSize: 3, readHeads: 2, hiddenSize: 5, seed: 1 };

/** A trainer whose `stepAsync` is public, as in an engine that offers it. */
class AsyncTrainer extends KernelTrainer {
  override stepAsync(batch: BatchArrays) {
    return super.stepAsync(batch);
  }
}

function trainerOf(options: TrainerOptions = {}, threads = 2) {
  const [core, host] = [new Dnc(SIZES), new FakeHost()];
  const setup = { host, hostName: "imaginary", threads, options: completeTrainerOptions(options) };
  const trainer = new AsyncTrainer(core, setup);
  const [network] = host.networks as [FakeNetwork];
  network.onRun = () => network.array("results").set([3, 4]);
  return { core, host, trainer, network };
}

function batchOf(timeSteps: number, batchSize: number, more: Partial<BatchArrays> = {}): BatchArrays {
  const rows = timeSteps * batchSize;
  const inputs = Float32Array.from({ length: rows * 3 }, (_, i) => i);
  return {
    timeSteps,
    batchSize,
    inputs,
    targets: new Float32Array(rows * 2),
    mask: new Float32Array(rows).fill(1),
    ...more,
  };
}

const head = (network: FakeNetwork, field: Parameters<FakeNetwork["array"]>[0], length: number) =>
  Array.from(network.array(field).subarray(0, length));

/** The parameters of a core, in the order of its variables. */
const parametersOf = (core: Dnc) => core.variables.flatMap(({ variable }) => Array.from(variable.dataSync()));

describe("KernelTrainer", () => {
  it("describes host, instruction set and threads, of which there are at most 32", () => {
    expect(trainerOf().trainer.description).toBe("fused imaginary kernel (paper), up to 2 threads");
    expect(trainerOf({}, 1).trainer.description).toBe("fused imaginary kernel (paper), 1 thread");
    const { trainer, host } = trainerOf({}, 100);
    expect([trainer.threads, host.threads]).toEqual([MAX_THREADS, MAX_THREADS]);
  });

  it("copies parameters, groups and optimizer state before the first step, and each batch", () => {
    const { core, network, trainer } = trainerOf({ loss: "softmax", groupSizes: [1, 1] });
    const batch = batchOf(2, 3, { lengths: Uint32Array.of(2, 2, 2), inputMask: undefined });
    expect(trainer.step(batch)).toEqual({ loss: 3, globalNorm: 4, applied: true });
    const parameters = parametersOf(core);
    expect(head(network, "parameters", parameters.length)).toEqual(parameters);
    expect(head(network, "meanSquares", 3)).toEqual([1, 1, 1]);
    expect(head(network, "groupSizes", 2)).toEqual([1, 1]);
    expect(head(network, "inputs", 18)).toEqual(Array.from(batch.inputs));
    expect(head(network, "inputMask", 6)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(network.shape).toEqual({ timeSteps: 2, batchSize: 3, maxThreads: 2, history: true, training: true });
    expect(network.plan).toMatchObject({ loss: 1, groupCount: 2, maxNorm: 50, hasInputMask: 1, carriesState: 0 });
  });

  it("reads logits by the stride of the plan", () => {
    const { network, trainer } = trainerOf();
    network.onRun = () => network.array("logits").set([1, 2, -1, -1, 3, 4, -1, -1]);
    trainer.step(batchOf(1, 2));
    expect(Array.from(trainer.logits(1, 2))).toEqual([1, 2, 3, 4]);
    expect(() => trainer.logits(2, 1)).toThrow(new RangeError("logits: expected 1 of 2, got 2 of 1"));
  });

  it("writes the kernel's parameters to the variables, and reads assigned ones before the next step", () => {
    const { core, network, trainer } = trainerOf();
    trainer.step(batchOf(1, 1));
    network.array("parameters").fill(7);
    network.array("meanSquares").fill(8);
    trainer.writeToVariables();
    expect(new Set(parametersOf(core))).toEqual(new Set([7]));
    expect(trainer.optimizerState).toMatchObject({ meanSquares: expect.objectContaining({ 0: 8 }) });
    const [{ variable }] = core.variables;
    variable.assign(variable.mul(2));
    trainer.readFromVariables();
    expect(network.array("parameters")[0]).toBe(7);
    trainer.step(batchOf(1, 1));
    expect(network.array("parameters")[0]).toBe(14);
  });

  it("counts only the updates that were applied, for Adam's bias corrections", () => {
    const { network, trainer } = trainerOf({ optimizer: { type: "adam" } });
    trainer.step(batchOf(1, 1));
    const first = network.get("firstCorrection");
    network.onRun = () => network.array("results").set([Number.NaN, 4]);
    expect(trainer.step(batchOf(1, 1)).applied).toBe(false);
    const second = network.get("firstCorrection");
    expect(second).toBeLessThan(first);
    trainer.step(batchOf(1, 1));
    expect(network.get("firstCorrection")).toBe(second);
    trainer.writeToVariables();
    expect(trainer.optimizerState).toMatchObject({ steps: Float32Array.of(1) });
  });

  it("carries the state after the last step to the first of the next batch, whatever its length", () => {
    const { network, trainer } = trainerOf({ carryState: true });
    const [hiddenAt, carryPad] = [network.get("hiddenAt"), network.get("carryPad")];
    network.onRun = () => {
      network.array("results").set([3, 4]);
      for (let i = 0; i < 1000; i++) {
        network.array("carried")[i] = i;
        network.array("usage")[i] = -i;
      }
    };
    trainer.step(batchOf(3, 2));
    const hidden = (row: number) => Array.from({ length: 5 }, (_, unit) => row * carryPad + hiddenAt + unit);
    const expected = [...hidden(6), ...hidden(7)]; // 3 steps of 2 sequences: the state after the third
    network.onRun = () => {
      network.array("results").set([3, 4]);
      const read = [0, 1].flatMap((row) =>
        Array.from(network.array("carried").subarray(row * carryPad + hiddenAt, row * carryPad + hiddenAt + 5)),
      );
      expect(read).toEqual(expected);
      expect(head(network, "usage", 8)).toEqual([-24, -25, -26, -27, -28, -29, -30, -31]);
      expect(network.get("carriesState")).toBe(1);
    };
    trainer.step(batchOf(2, 2));
    trainer.writeToVariables();
    expect(trainer.carriedState?.usage).toHaveLength(8);
  });
});

describe("stepAsync", () => {
  it("runs in the background where the host can, and the trainer refuses everything else meanwhile", async () => {
    const { network, trainer } = trainerOf();
    let end = () => {};
    network.runAsync = () => new Promise((resolve) => (end = resolve));
    const result = trainer.stepAsync(batchOf(1, 1));
    const uses = [
      () => trainer.step(batchOf(1, 1)),
      () => trainer.reserve(1, 1),
      () => trainer.logits(1, 1),
      () => trainer.writeToVariables(),
      () => trainer.readFromVariables(),
      () => trainer.dispose(),
    ];
    for (const use of uses)
      expect(use).toThrow("trainer: expected its last step to be finished, got one that is running");
    await expect(trainer.stepAsync(batchOf(1, 1))).rejects.toThrow(/^trainer: expected its last step/);
    network.array("results").set([5, 6]);
    end();
    expect(await result).toEqual({ loss: 5, globalNorm: 6, applied: true });
    for (const use of uses) expect(use).not.toThrow();
    expect(network.isDisposed).toBe(true);
  });

  it("blocks on any other host", async () => {
    const { trainer } = trainerOf();
    expect(await trainer.stepAsync(batchOf(1, 1))).toEqual({ loss: 3, globalNorm: 4, applied: true });
  });

  it("rejects if the run fails or the batch is refused, and the trainer can be used again", async () => {
    const { network, trainer } = trainerOf();
    network.runAsync = async () => {
      throw new Error("threads: one failed");
    };
    await expect(trainer.stepAsync(batchOf(1, 1))).rejects.toThrow("threads: one failed");
    await expect(trainer.stepAsync(null as never)).rejects.toThrow(TypeError);
    expect(trainer.step(batchOf(1, 1)).loss).toBe(3);
  });
});
