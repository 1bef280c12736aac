import { mkdtempSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { saveCheckpoint } from "../../packages/checkpoint/dist/node/index.js";
import { root } from "../pnpm.mjs";
import { hasBrowser, runInPage } from "./browser.mjs";

const SCRIPT = `
  const tf = await import("@tensorflow/tfjs");
  const { Dnc, unroll } = await import("@dnc/core");
  const { FusedTraining, startThreads } = await import("/packages/engine-wasm/dist/index.js");
  await tf.setBackend("cpu");
  const core = new Dnc({ inputSize: 6, outputSize: 5, seed: 1 });
  const threads = await startThreads(2);
  const training = new FusedTraining(core, { threads: 2 });
  const [time, batch] = [9, 16];
  const numbers = (count) => Float32Array.from({ length: count }, (_, index) => ((index * 7919) % 13) / 13);
  const given = { observations: numbers(time * batch * 6), target: numbers(time * batch * 5).map(Math.round) };
  let step;
  for (let i = 0; i < 50; i++) step = training.step({ time, batch, ...given, mask: new Float32Array(time * batch).fill(1) });
  const gradient = tf.grad((x) => unroll(core, x).outputs.sum())(tf.ones([3, 2, 6]));
  const used = training.threadsUsed;
  const sum = Array.from(gradient.dataSync()).reduce((total, value) => total + value, 0);
  document.title = JSON.stringify({ crossOriginIsolated, threads, used, loss: step.loss, norm: step.globalNorm, sum });
`;

// Debian: apt-get install chromium
describe.skipIf(!hasBrowser)("the engine in a page", () => {
  const results = {};

  it("trains on one thread where memory cannot be shared", async () => {
    results.alone = JSON.parse(await runInPage(SCRIPT, false));
    expect(results.alone).toMatchObject({ crossOriginIsolated: false, threads: 1, used: 1 });
    expect(Number.isFinite(results.alone.loss) && Number.isFinite(results.alone.sum)).toBe(true);
  });

  it("trains on two, to the same bits, where the page is cross-origin isolated", async () => {
    results.isolated = JSON.parse(await runInPage(SCRIPT, true));
    expect(results.isolated).toMatchObject({ crossOriginIsolated: true, threads: 2, used: 2 });
    const { loss, norm, sum } = results.alone;
    expect(results.isolated).toMatchObject({ loss, norm, sum });
  });
});

const CHECKPOINT = `
  const { openCheckpoint, DamagedCheckpointError } = await import("@dnc/checkpoint");
  const names = ["state.json", "model.safetensors"];
  const bytes = async (name) => new Uint8Array(await (await fetch("/CHECKPOINT/" + name)).arrayBuffer());
  const files = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await bytes(name)])));
  const { step, model, optimizer } = await openCheckpoint(files);
  files["model.safetensors"][9] ^= 1;
  const damage = await openCheckpoint(files).catch((error) => error);
  const values = Array.from(model[0].values);
  const isDamage = damage instanceof DamagedCheckpointError;
  document.title = JSON.stringify({ step, values, optimizer, isDamage, message: damage.message });
`;

describe.skipIf(!hasBrowser)("a checkpoint in a page", () => {
  it("is opened without its optimizer, and refused once it is damaged", async () => {
    const folder = mkdtempSync(join(root, "node_modules/checkpoint-"));
    try {
      const model = [{ name: "a", shape: [3], values: Float32Array.of(1, 2.5, -3) }];
      await saveCheckpoint(folder, { model, optimizer: model, state: { step: 7 } });
      const script = CHECKPOINT.replace("/CHECKPOINT/", `/${relative(root, folder)}/step-00000007/`);
      expect(JSON.parse(await runInPage(script, false))).toEqual({
        step: 7,
        values: [1, 2.5, -3],
        optimizer: [],
        isDamage: true,
        message: "model.safetensors: its SHA-256 is not the one in state.json",
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
