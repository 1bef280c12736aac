import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { SMALL, temporaryFolder } from "../support.js";

const DNC = fileURLToPath(new URL("../../bin/dnc.js", import.meta.url));
const small = Object.entries(SMALL).map(([name, value]) => `--${name}=${value}`);

function dnc(...args: string[]) {
  return spawnSync(process.execPath, [DNC, ...args], { encoding: "utf8" });
}

const examined = (backend: string) => JSON.parse(dnc("doctor", `--backend=${backend}`, "--json").stdout).backends[0];
const node = examined("node");
const cuda = examined("cuda");

const metrics = (run: string) =>
  readFileSync(join(run, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

describe.each([
  ["node", node, "@tensorflow/tfjs-node", "npm run setup:node"],
  ["cuda", cuda, "@tensorflow/tfjs-node-gpu", "npm run setup:cuda"],
])("the backend %s, where it does not work", (backend, found, name, command) => {
  it.skipIf(found.works)(
    "is refused with what is missing and how to fix it, and nothing is written (needs a machine where it does not work)",
    () => {
      const folder = join(temporaryFolder(), "run");
      const { status, stderr } = dnc("train", `--backend=${backend}`, `--checkpoint_dir=${folder}`);
      expect(status).toBe(2);
      expect(stderr.trim().split("\n").at(-1)).toBe(`dnc: --backend ${backend}: ${found.what}; ${found.remedy}`);
      expect(found.what.startsWith(name)).toBe(true);
      // Without a GPU the library is installed, and none of our commands helps.
      const mends = found.what.includes("finds no NVIDIA GPU") ? "nvidia-smi" : command;
      expect(found.remedy).toContain(mends);
      expect(() => readFileSync(join(folder, "config.json"))).toThrow();
    },
  );
});

describe.skipIf(!node.works)(
  "training on libtensorflow (needs TensorFlow's native library; npm run setup:node)",
  () => {
    function trained(backend: string, iterations: number, more: readonly string[] = []): string {
      const folder = join(temporaryFolder(), "run");
      const args = [...small, `--backend=${backend}`, "--seed=3", "--report_interval=2", `--checkpoint_dir=${folder}`];
      const { status, stderr } = dnc("train", ...args, `--num_training_iterations=${iterations}`, ...more);
      expect([status, stderr]).toEqual([0, ""]);
      return folder;
    }

    it("has the losses of the CPU engine", () => {
      const [native, fused] = [metrics(trained("node", 6)), metrics(trained("cpu", 6))];
      native.forEach(({ loss, gradient_norm }, index) => {
        expect(Math.abs(loss / fused[index].loss - 1)).toBeLessThan(1e-5);
        expect(Math.abs(gradient_norm / fused[index].gradient_norm - 1)).toBeLessThan(1e-4);
      });
    });

    it("computes, although the CPU engine could", () => {
      expect(node.what).toMatch(/^@tensorflow\/tfjs-node on the CPU, libtensorflow 2\./);
      expect(node.engine).toBe("TensorFlow.js ops");
      expect(node.apart).toBeLessThan(1e-5);
    });

    it("resumes from a checkpoint with the numbers of an uninterrupted run, up to rounding", () => {
      const whole = metrics(trained("node", 6));
      const run = trained("node", 4);
      const args = [...small, "--backend=node", `--resume=${run}`, "--report_interval=2"];
      const { status, stderr } = dnc("train", ...args, "--num_training_iterations=6");
      expect([status, stderr]).toEqual([0, ""]);
      metrics(run).forEach(({ step, loss }, index) => {
        expect(step).toBe(whole[index].step);
        expect(Math.abs(loss / whole[index].loss - 1)).toBeLessThan(1e-6);
      });
    });
  },
);
