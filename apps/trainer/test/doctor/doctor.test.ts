import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compareSteps } from "../../src/doctor/reference-step.js";
import { runInChild } from "../../src/doctor/run-in-child.js";

const DNC = fileURLToPath(new URL("../../bin/dnc.js", import.meta.url));
const doctor = (...args: string[]) => spawnSync(process.execPath, [DNC, "doctor", ...args], { encoding: "utf8" });
/** Environment in which no NVIDIA GPU is found. */
const noGpu = { ...process.env, NVIDIA_VISIBLE_DEVICES: "", CUDA_VISIBLE_DEVICES: "" };

describe("compareSteps", () => {
  const reference = [
    { loss: 10, globalNorm: 2 },
    { loss: 8, globalNorm: 4 },
  ];

  it("treats float32 rounding as equal", () => {
    const [first, second] = reference;
    expect(compareSteps(reference, reference)).toEqual({ same: true, apart: 0 });
    expect(compareSteps([first, { ...second, loss: 8 * (1 + 9e-6) }], reference).same).toBe(true);
    expect(compareSteps([first, { ...second, loss: 8 * (1 + 2e-5) }], reference).same).toBe(false);
    expect(compareSteps([{ ...first, globalNorm: 2.001 }, second], reference).same).toBe(false);
  });

  it("treats steps that are missing or NaN as different", () => {
    const [first, second] = reference;
    expect(compareSteps([first], reference).same).toBe(false);
    expect(compareSteps([first, { ...second, loss: Number.NaN }], reference).same).toBe(false);
  });
});

it("reports that WebAssembly is missing, not that it lacks SIMD", () => {
  const facts = new URL("../../dist/doctor/facts.js", import.meta.url).href;
  const script = `const { factsOf } = await import(${JSON.stringify(facts)});
    console.log(JSON.stringify(factsOf("cpu")));`;
  const args = ["--jitless", "--input-type=module", "-e", script];
  const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const { WebAssembly: fact } = Object.fromEntries(JSON.parse(stdout.slice(stdout.indexOf("["))));
  expect(fact).toBe("expected it in this process, got none");
});

describe("dnc doctor", () => {
  it("reports that the CPU computes the reference step correctly, and describes it", () => {
    const { status, stdout, stderr } = doctor("--backend=cpu", "--json");
    expect([status, stderr]).toEqual([0, ""]);
    const { backends, reference } = JSON.parse(stdout);
    expect(reference).toHaveLength(2);
    expect(backends).toHaveLength(1);
    expect(backends[0]).toMatchObject({
      backend: "cpu",
      works: true,
      engine: expect.stringMatching(/^fused (native|WebAssembly) kernel/),
    });
    expect(backends[0].apart).toBeLessThan(1e-5);
    expect(backends[0].iterationsPerSecond).toBeGreaterThan(1);
    expect(Object.fromEntries(backends[0].facts)).toMatchObject({ "Node.js": process.versions.node });
  });

  it("ends with status 1 if the requested backend does not work, with what is missing and how to fix it", () => {
    const { status, stdout } = spawnSync(process.execPath, [DNC, "doctor", "--backend=cuda"], {
      encoding: "utf8",
      env: noGpu,
    });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^cuda {2}does not work {2}\S/);
    expect(stdout).toMatch(/\n {2}to fix it +\S/);
    expect(stdout).toMatch(/\n {2}NVIDIA driver +\S/);
    expect(stdout).not.toMatch(/auto takes/);
  });

  // Without a driver of Vulkan: in software, the kernels of the default network take seconds to compile. The command of the
  // documentation does that.
  it("examines all, and reports which one auto takes", () => {
    const env = { ...process.env, VK_ICD_FILENAMES: "/nowhere.json", VK_DRIVER_FILES: "/nowhere.json" };
    const { status, stdout } = spawnSync(process.execPath, [DNC, "doctor"], { encoding: "utf8", env });
    expect(status).toBe(0);
    for (const name of ["cpu", "webgpu", "cuda", "node"]) {
      expect(stdout).toMatch(new RegExp(`^${name} +(works|does not work) `, "m"));
    }
    expect(stdout).toMatch(/^auto takes (cpu|webgpu) for the default network\.$/m);
  });

  it("refuses unknown words", () => {
    const { status, stderr } = doctor("cpu");
    expect([status, stderr]).toEqual([2, 'dnc: expected only flags after doctor, got "cpu"\n']);
  });

  it("reports a backend that does not respond", async () => {
    expect(await runInChild("reference", { timeoutSeconds: 0.01 })).toMatchObject({
      runs: false,
      what: "it does not answer within 0.01 s",
    });
  });
});
