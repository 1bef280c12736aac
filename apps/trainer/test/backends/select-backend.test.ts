import { describe, expect, it } from "vitest";
import { type Attempts, selectBackend } from "../../src/backends/select-backend.js";
import { UsageError } from "../../src/usage-error.js";

const works = async () => ({ works: true, what: "fast" }) as const;
const fails = async () => ({ works: false, why: "not there", remedy: "get it" }) as const;

/** A network that the fused kernels cover. */
const fused = { controller: "lstm" } as const;

function attempts(changed: Partial<Attempts>): Attempts {
  return { cuda: fails, webgpu: fails, cpu: fails, node: fails, ...changed };
}

describe("selectBackend", () => {
  it("takes the fastest that works, and says why not a better one", async () => {
    const there = attempts({ webgpu: works, cuda: works, cpu: works });
    expect(await selectBackend("auto", fused, there)).toEqual({ name: "webgpu", why: "fast" });
    expect(await selectBackend("auto", fused, attempts({ cuda: works, cpu: works }))).toEqual({
      name: "cpu",
      why: "fast; not webgpu: not there",
    });
  });

  it("prefers a GPU, op by op, for a network that no fused kernel covers", async () => {
    const there = attempts({ cuda: works, cpu: works });
    expect(await selectBackend("auto", { controller: "gru" }, there)).toEqual({ name: "cuda", why: "fast" });
    expect(await selectBackend("auto", { controller: "gru" }, attempts({ cpu: works }))).toEqual({
      name: "cpu",
      why: "fast; not cuda: not there; not webgpu: not there",
    });
  });

  it("does not try node unasked", async () => {
    await expect(selectBackend("auto", fused, attempts({ node: works }))).rejects.toThrow(
      "--backend auto: expected one that works, got none",
    );
    expect(await selectBackend("node", fused, attempts({ node: works }))).toEqual({ name: "node", why: "fast" });
  });

  it("never takes another than the one asked for", async () => {
    await expect(selectBackend("cuda", fused, attempts({ cpu: works }))).rejects.toThrow(
      new UsageError("--backend cuda: not there; get it"),
    );
  });

  it("takes a GPU that the processor plays only by name", async () => {
    const played = async () => ({ works: true, what: "WebGPU on SwiftShader", isSoftware: true }) as const;
    const there = attempts({ webgpu: played, cpu: works });
    expect(await selectBackend("webgpu", fused, there)).toEqual({ name: "webgpu", why: "WebGPU on SwiftShader" });
    expect(await selectBackend("auto", fused, there)).toEqual({
      name: "cpu",
      why: "fast; not webgpu: WebGPU on SwiftShader is the processor playing a GPU",
    });
  });

  it("computes on the CPU everywhere", async () => {
    expect(await selectBackend("cpu", fused)).toEqual({
      name: "cpu",
      why: "TensorFlow.js on the processor, nothing to install",
    });
  });
});
