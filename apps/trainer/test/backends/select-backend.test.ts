import { UsageError } from "@dnc/settings";
import { describe, expect, it } from "vitest";
import { type BackendProbes, selectBackend } from "../../src/backends/select-backend.js";

const works = async () => ({ works: true, description: "fast" }) as const;
const fails = async () => ({ works: false, reason: "not there", fix: "get it" }) as const;

function probes(changed: Partial<BackendProbes>): BackendProbes {
  return { cuda: fails, webgpu: fails, cpu: fails, node: fails, ...changed };
}

describe("selectBackend", () => {
  it("takes the fastest that works, and reports why a faster one does not", async () => {
    const there = probes({ webgpu: works, cuda: works, cpu: works });
    expect(await selectBackend("auto", there)).toEqual({ name: "webgpu", reason: "fast" });
    expect(await selectBackend("auto", probes({ cuda: works, cpu: works }))).toEqual({
      name: "cpu",
      reason: "fast; not webgpu: not there",
    });
  });

  it("does not try node unless requested", async () => {
    await expect(selectBackend("auto", probes({ node: works }))).rejects.toThrow(
      "--backend auto: expected one that works, got none",
    );
    expect(await selectBackend("node", probes({ node: works }))).toEqual({ name: "node", reason: "fast" });
  });

  it("never takes another than the requested one", async () => {
    await expect(selectBackend("cuda", probes({ cpu: works }))).rejects.toThrow(
      new UsageError("--backend cuda: not there; get it"),
    );
  });

  it("takes a software GPU only by name", async () => {
    const played = async () => ({ works: true, description: "WebGPU on SwiftShader", isSoftware: true }) as const;
    const there = probes({ webgpu: played, cpu: works });
    expect(await selectBackend("webgpu", there)).toEqual({ name: "webgpu", reason: "WebGPU on SwiftShader" });
    expect(await selectBackend("auto", there)).toEqual({
      name: "cpu",
      reason: "fast; not webgpu: WebGPU on SwiftShader is the CPU emulating a GPU",
    });
  });

  it("works on the CPU everywhere", async () => {
    expect(await selectBackend("cpu")).toEqual({
      name: "cpu",
      reason: "TensorFlow.js on the CPU, nothing to install",
    });
  });
});
