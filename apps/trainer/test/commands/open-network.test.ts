import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadNetwork as loadFromFiles } from "@dnc/checkpoint/network";
import { loadNetwork } from "@dnc/checkpoint/node/network";
import { type Dnc, type LstmNetwork, unroll } from "@dnc/core";
import { RunFolderError } from "@dnc/runs/read";
import { type NetworkConfig, UsageError } from "@dnc/settings";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it, onTestFinished } from "vitest";
import { type OpenOptions, openNetwork } from "../../src/commands/open-network.js";
import { readTrainedRun } from "../../src/flags/gate.js";
import { readRunConfig } from "../../src/flags/run-config.js";
import { isUsageError } from "../../src/usage-error.js";
import { decodeSafetensors, temporaryFolder } from "../support.js";
import { savedRun } from "./saved-run.js";

async function open(run: string, options: Partial<OpenOptions> = {}, changed: Partial<NetworkConfig> = {}) {
  const warnings: string[] = [];
  const all = { checkpoint: "latest", backend: "cpu", ...options } as const;
  const { config } = await readTrainedRun(run, () => {});
  const adjusted = { ...config, network: { ...config.network, ...changed } };
  const { network: core, ...opened } = await openNetwork(run, adjusted, all, (text) => warnings.push(text));
  onTestFinished(() => core.dispose());
  return { ...opened, core, warnings };
}

const damage = (run: string, step: string) =>
  appendFileSync(join(run, "checkpoints", step, "model.safetensors"), "more");

describe("a run", () => {
  it("has the settings that it was trained with", async () => {
    const run = await savedRun({ controller: "gru", seed: "7" });
    expect(readRunConfig(run)).toMatchObject({
      controller: "gru",
      seed: 7,
      hidden_size: 8,
      num_training_iterations: 6,
    });
  });

  it.each([
    ["nothing", () => {}, "expected the folder of a run, got RUN, which is not there"],
    ["a file", (run: string) => writeFileSync(run, ""), "expected the folder of a run, got the file RUN"],
  ])("is not %s", (_name, make, message) => {
    const run = join(temporaryFolder(), "run");
    make(run);
    expect(() => readRunConfig(run)).toThrow(new UsageError(message.replace("RUN", run)));
  });

  it("is not a folder without a config or with an invalid one", () => {
    const run = temporaryFolder();
    expect(() => readRunConfig(run)).toThrow(
      new UsageError(`expected the folder of a run, got ${run}, which has no config.json`),
    );
    const config = join(run, "config.json");
    writeFileSync(config, '{ "memory": 3 }');
    expect(() => readRunConfig(run)).toThrow(`${config}: unknown config key "memory"`);
    writeFileSync(config, "{");
    expect(() => readRunConfig(run)).toThrow(`${config}: expected JSON, got `);
  });
});

describe("an open network", () => {
  it.each([
    ["latest", "step-00000006"],
    ["4", "step-00000004"],
    ["step-00000002", "step-00000002"],
  ])("has the weights of the checkpoint %s", async (checkpoint, name) => {
    const run = await savedRun();
    const { core, ...network } = await open(run, { checkpoint });
    expect(network).toMatchObject({ checkpoint: { name, step: Number(name.slice(5)) }, warnings: [] });
    const { tensors } = decodeSafetensors(readFileSync(join(run, "checkpoints", name, "model.safetensors")));
    for (const { name: variable, variable: values } of core.variables) {
      expect(tensors.get(variable)?.values).toEqual(Array.from(values.dataSync()));
    }
  });

  it.each(["lstm", "deep-lstm", "gru", "feed-forward"])(
    "is bit-identical to that of loadNetwork: %s",
    async (controller) => {
      const run = await savedRun({ controller, num_write_heads: "2" });
      const { core, checkpoint } = await open(run);
      const file = (name: string) => new Uint8Array(readFileSync(join(checkpoint.path, name)));
      const names = ["state.json", "model.safetensors"];
      const files = Object.fromEntries(names.map((name) => [name, file(name)]));
      const answers = (network: Dnc | LstmNetwork) =>
        tf.tidy(() =>
          unroll(network, tf.sin(tf.range(0, 30 * network.config.inputSize).reshape([5, 6, -1]))).outputs.dataSync(),
        );
      for (const network of [await loadFromFiles(files), await loadNetwork(run), await loadNetwork(checkpoint.path)]) {
        onTestFinished(() => network.dispose());
        expect(network.config).toEqual(core.config);
        expect(answers(network)).toEqual(answers(core));
      }
    },
  );

  it("can have another memory size with the same weights", async () => {
    const run = await savedRun();
    const { core } = await open(run, {}, { memorySize: 11 });
    expect(core.config.memorySize).toBe(11);
    expect(tf.tidy(() => unroll(core, tf.zeros([3, 2, core.config.inputSize])).outputs.shape)).toEqual([3, 2, 3]);
  });

  it("reports damaged checkpoints and the one it uses", async () => {
    const run = await savedRun();
    damage(run, "step-00000006");
    const { checkpoint, warnings } = await open(run);
    expect(checkpoint.name).toBe("step-00000004");
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^step-00000006: model\.safetensors: .*; using step-00000004$/);
  });

  it("does not open without an intact checkpoint", async () => {
    const run = await savedRun();
    for (const step of [2, 4, 6]) damage(run, `step-0000000${step}`);
    const none = new RunFolderError(`expected a run with an intact checkpoint, got ${run}, which has none`);
    await expect(open(run)).rejects.toThrow(none);
    await expect(open(run, { checkpoint: "2" })).rejects.toThrow(/^--checkpoint: step-00000002: model\.safetensors: /);
    rmSync(join(run, "checkpoints"), { recursive: true });
    await expect(open(run)).rejects.toThrow(none);
  });

  it.each(["7", "worst"])("does not open without the checkpoint %s", async (checkpoint) => {
    await expect(open(await savedRun(), { checkpoint })).rejects.toThrow(
      /^--checkpoint: expected latest, best or an existing one \(step-00000006, .*\), got "(7|worst)"$/,
    );
  });

  it("does not open if the weights do not fit the config", async () => {
    const run = await savedRun();
    const before = tf.memory().numTensors;
    const error = await open(run, {}, { hiddenSize: 9 }).catch((reason: unknown) => reason);
    expect(error).toSatisfy(isUsageError);
    expect((error as Error).message).toMatch(/step-00000006: expected weights that fit .*config\.json: .*\[.*\]/);
    expect((error as Error).message).not.toContain("\n");
    expect(tf.memory().numTensors).toBe(before);
  });

  it("does not open if it needs too much memory", async () => {
    await expect(open(await savedRun(), {}, { memorySize: 1e6 })).rejects.toThrow("too large: the link matrices");
  });
});
