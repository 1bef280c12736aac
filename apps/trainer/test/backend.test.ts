import { describe, expect, it } from "vitest";
import { type Attempts, selectBackend } from "../src/backend.js";
import { UsageError } from "../src/usage-error.js";

const works = async () => ({ works: true, what: "fast" }) as const;
const fails = async () => ({ works: false, why: "not there", remedy: "get it" }) as const;

function attempts(changed: Partial<Attempts>): Attempts {
  return { cuda: fails, webgpu: fails, cpu: fails, node: fails, ...changed };
}

describe("selectBackend", () => {
  it("takes the first that works, and says why not a better one", async () => {
    expect(await selectBackend("auto", attempts({ cuda: works, cpu: works }))).toEqual({ name: "cuda", why: "fast" });
    expect(await selectBackend("auto", attempts({ cpu: works }))).toEqual({
      name: "cpu",
      why: "fast; not cuda: not there; not webgpu: not there",
    });
  });

  it("does not try node unasked", async () => {
    await expect(selectBackend("auto", attempts({ node: works }))).rejects.toThrow(
      "--backend auto: expected one that works, got none",
    );
    expect(await selectBackend("node", attempts({ node: works }))).toEqual({ name: "node", why: "fast" });
  });

  it("never takes another than the one asked for", async () => {
    await expect(selectBackend("cuda", attempts({ cpu: works }))).rejects.toThrow(
      new UsageError("--backend cuda: not there; get it"),
    );
  });

  it("says that WebGPU is not there yet", async () => {
    await expect(selectBackend("webgpu")).rejects.toThrow(
      new UsageError("--backend webgpu: not available in this release; use --backend cpu"),
    );
  });

  it("computes on the CPU everywhere", async () => {
    expect(await selectBackend("cpu")).toEqual({
      name: "cpu",
      why: "TensorFlow.js on the processor, nothing to install",
    });
  });
});
