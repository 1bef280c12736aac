import { describe, expect, it, onTestFinished, vi } from "vitest";
import * as model from "../../src/model/model.js";
import { smallSettings } from "../support.js";

describe("prepare", () => {
  it("makes of memory that is not there one sentence", async () => {
    const createTask = vi.fn(model.createTask);
    // Other test files share this process: they neither bring the module without the mock nor get it with the mock.
    vi.resetModules();
    vi.doMock("../../src/model/model.js", () => ({ ...model, createTask }));
    onTestFinished(() => {
      vi.doUnmock("../src/model.js");
      vi.resetModules();
    });
    const { prepare } = await import("../../src/run/build-run.js");
    const { UsageError } = await import("../../src/usage-error.js");
    const { task, core, optimizer, learner } = prepare(smallSettings(), "cpu", 1);
    for (const each of [learner, optimizer, core]) each.dispose();
    createTask.mockReturnValueOnce({
      ...task,
      sampleBatch() {
        throw new RangeError("Array buffer allocation failed");
      },
    });
    expect(() => prepare(smallSettings(), "cpu", 1)).toThrow(
      new UsageError("too large: Array buffer allocation failed"),
    );
  });
});
