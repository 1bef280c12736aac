import { registerEngine } from "@dnc/core/engine";
import { wasmEngine } from "@dnc/engine-wasm"; // whose trainer needs memory of its own
import * as model from "@dnc/settings";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { smallConfig } from "./support.js";

beforeAll(() => registerEngine(wasmEngine)); // a test before may have selected another engine

describe("buildRun", () => {
  it("reports missing memory in one sentence, and frees everything", async () => {
    const createTask = vi.fn(model.createTask);
    // Other test files share this process: the module is loaded here with the mock, and reset afterwards.
    vi.resetModules();
    vi.doMock("../src/model/create-network.js", () => ({ ...model, createTask }));
    onTestFinished(() => {
      vi.doUnmock("../src/model/create-network.js");
      vi.resetModules();
    });
    const { buildRun } = await import("../src/build-run.js");
    const { UsageError } = await import("../src/usage-error.js");
    const { task, dispose } = await buildRun(smallConfig(), { seed: 1 });
    dispose();
    createTask.mockResolvedValueOnce({
      ...task,
      sampleBatch() {
        throw new RangeError("Array buffer allocation failed");
      },
    });
    await expect(buildRun(smallConfig(), { seed: 1 })).rejects.toThrow(
      new UsageError("too large: Array buffer allocation failed"),
    );
  });

  it("refuses what exceeds WebAssembly's memory, with the size", async () => {
    const { buildRun } = await import("../src/build-run.js");
    const config = smallConfig({ memory_size: "20000", batch_size: "1" });
    await expect(buildRun(config, { seed: 1 })).rejects.toThrow(
      /^too large: memory: expected at most 4\.00 GiB, the run needs \d\d\.\d+ GiB$/,
    );
  });
});
