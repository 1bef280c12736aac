import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { SMALL, temporaryFolder } from "../support.js";
import { hasAdapter, look, withAdapter } from "./adapter.js";

const DNC = fileURLToPath(new URL("../../bin/dnc.js", import.meta.url));
const small = Object.entries(SMALL).map(([name, value]) => `--${name}=${value}`);

function dnc(args: readonly string[], env = withAdapter) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [DNC, ...args], { encoding: "utf8", env });
  return { status, stdout, stderr };
}

/** Trains the small network; returns the run's folder. */
function trained(backend: string, more: readonly string[], folder = join(temporaryFolder(), "run")): string {
  const args = [`--backend=${backend}`, "--seed=3", "--report_interval=2", `--checkpoint_dir=${folder}`, ...more];
  const { status, stderr } = dnc(["train", ...args]);
  expect([status, stderr]).toEqual([0, ""]);
  return folder;
}

const metrics = (run: string) =>
  readFileSync(join(run, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Reads the parts of a run that do not depend on time. */
const remains = (run: string, checkpoint: string) => ({
  metrics: metrics(run).map(({ seconds: _, iterations_per_second: __, ...numbers }) => numbers),
  model: readFileSync(join(run, "checkpoints", checkpoint, "model.safetensors"), "latin1"),
  optimizer: readFileSync(join(run, "checkpoints", checkpoint, "optimizer.safetensors"), "latin1"),
  samples: readdirSync(join(run, "samples")),
});

describe("the search for an adapter", () => {
  it.runIf(process.platform === "linux")(
    "reports what is missing and how to fix it if no driver is named (needs Linux)",
    () => {
      const found = look({ ...process.env, VK_ICD_FILENAMES: "/nowhere.json", VK_DRIVER_FILES: "/nowhere.json" });
      expect(found.available).toBe(false);
      expect(found.reason).toMatch(
        /^there is no (graphics adapter that WebGPU can use|Vulkan loader \(libvulkan\.so\.1\))$/,
      );
      expect(found.fix).toMatch(/install/);
    },
  );

  it.runIf(process.platform === "linux")(
    "is refused by name in one sentence, and auto continues without it (needs Linux)",
    () => {
      const env = { ...process.env, VK_ICD_FILENAMES: "/nowhere.json", VK_DRIVER_FILES: "/nowhere.json" };
      const folder = join(temporaryFolder(), "run");
      const args = ["train", ...small, `--checkpoint_dir=${folder}`, "--num_training_iterations=2"];
      const refused = dnc([...args, "--backend=webgpu"], env);
      expect(refused.status).toBe(2);
      expect(refused.stderr.trim().split("\n").at(-1)).toMatch(/^dnc: --backend webgpu: there is no .+; .*install/);
      const automatic = dnc(args, env);
      expect(automatic.status).toBe(0);
      expect(automatic.stdout).toMatch(/^backend +cpu: .*not webgpu: there is no /m);
    },
  );
});

describe.skipIf(!hasAdapter)("training on WebGPU (needs a WebGPU adapter; apt-get install chromium libvulkan1)", () => {
  const more = [...small, "--num_training_iterations=7"];
  /** An uninterrupted run, which two tests examine: in software it takes seconds. */
  let whole: string;
  beforeAll(() => {
    const kept = mkdtempSync(join(tmpdir(), "dnc-webgpu-"));
    whole = trained("webgpu", more, join(kept, "run"));
    return () => rmSync(kept, { recursive: true, force: true });
  });

  it("has the same losses as the CPU, and learns the same", () => {
    const [gpu, cpu] = [metrics(whole), metrics(trained("cpu", more))];
    expect(gpu.map(({ step }) => step)).toEqual([2, 4, 6, 7]);
    gpu.forEach(({ loss, gradient_norm, exact_match }, index) => {
      expect(Math.abs(loss / cpu[index].loss - 1)).toBeLessThan(1e-5);
      expect(Math.abs(gradient_norm / cpu[index].gradient_norm - 1)).toBeLessThan(1e-4);
      expect(exact_match).toBe(cpu[index].exact_match);
    });
  });

  it("resumes from a checkpoint bit-identically to an uninterrupted run", () => {
    const run = trained("webgpu", [...small, "--num_training_iterations=3"]);
    trained("webgpu", ["--num_training_iterations=7", `--resume=${run}`, ...small], run);
    expect(remains(run, "step-00000007")).toEqual(remains(whole, "step-00000007"));
  });

  const isSoftware = hasAdapter && look(withAdapter).isSoftware === true;
  it.skipIf(!isSoftware)(
    "is not taken by auto if the GPU is emulated in software (needs an adapter in software)",
    () => {
      const folder = join(temporaryFolder(), "run");
      const { stdout } = dnc(["train", ...small, `--checkpoint_dir=${folder}`, "--num_training_iterations=2"]);
      expect(stdout).toMatch(/^backend +cpu: .*not webgpu: .* is the CPU emulating a GPU$/m);
    },
  );

  it("evaluates what was trained elsewhere", () => {
    const run = trained("cpu", [...small, "--num_training_iterations=4"]);
    const [gpu, cpu] = ["webgpu", "cpu"].map((backend) => {
      const { status, stdout, stderr } = dnc(["eval", run, `--backend=${backend}`, "--sequences=20", "--json"]);
      // A software GPU may be so slow that progress is shown.
      expect([status, stderr.replace(/^dnc: evaluation: .* left\n/gm, "")]).toEqual([0, ""]);
      return JSON.parse(stdout);
    });
    expect(Math.abs(gpu.loss / cpu.loss - 1)).toBeLessThan(1e-5);
    expect(gpu.wrong_bits).toBe(cpu.wrong_bits);
  });
});
