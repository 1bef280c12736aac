import { describe, expect, it, vi } from "vitest";
import { prepare } from "../src/prepare.js";
import { UsageError } from "../src/usage-error.js";
import { smallSettings } from "./support.js";

const createTask = vi.hoisted(() => vi.fn());
vi.mock("../src/model.js", async (original) => {
  const model = await original<typeof import("../src/model.js")>();
  return { ...model, createTask: createTask.mockImplementation(model.createTask) };
});

describe("prepare", () => {
  it("makes of memory that is not there one sentence", async () => {
    const { task, core, optimizer, learner } = prepare(smallSettings(), "cpu", 1);
    for (const each of [learner, optimizer, core]) each.dispose();
    createTask.mockReturnValueOnce({
      ...task,
      sample() {
        throw new RangeError("Array buffer allocation failed");
      },
    });
    expect(() => prepare(smallSettings(), "cpu", 1)).toThrow(
      new UsageError("too large: Array buffer allocation failed"),
    );
  });
});
