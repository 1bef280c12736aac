import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { Dnc, unroll } from "@dnc/core";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { readTensors } from "../../packages/checkpoint/dist/index.js";
import { networkSettings } from "../../packages/checkpoint/dist/network/index.js";
import { saveCheckpoint } from "../../packages/checkpoint/dist/node/index.js";
import { loadNetwork } from "../../packages/checkpoint/dist/node/network.js";
import { root } from "../pnpm.mjs";
import { bundle } from "../release/bundle.mjs";
import { hasBrowser, runInPage } from "./browser.mjs";

const SCRIPT = `
  const tf = await import("@tensorflow/tfjs");
  const { Dnc, unroll } = await import("@dnc/core");
  const { WasmTrainer, startThreads } = await import("/packages/engine-wasm/dist/index.js");
  await tf.setBackend("cpu");
  const core = new Dnc({ inputSize: 6, outputSize: 5, seed: 1 });
  const threads = await startThreads(2);
  const training = new WasmTrainer(core, { threads: 2 });
  const [timeSteps, batchSize] = [9, 16];
  const numbers = (count) => Float32Array.from({ length: count }, (_, index) => ((index * 7919) % 13) / 13);
  const [inputs, targets] = [numbers(timeSteps * batchSize * 6), numbers(timeSteps * batchSize * 5).map(Math.round)];
  const mask = new Float32Array(timeSteps * batchSize).fill(1);
  let step;
  for (let i = 0; i < 50; i++) step = training.step({ timeSteps, batchSize, inputs, targets, mask });
  const gradient = tf.grad((x) => unroll(core, x).outputs.sum())(tf.ones([3, 2, 6]));
  const used = training.threadsUsed;
  const sum = Array.from(gradient.dataSync()).reduce((total, value) => total + value, 0);
  document.title = JSON.stringify({ crossOriginIsolated, threads, used, loss: step.loss, norm: step.globalNorm, sum });
`;

describe.skipIf(!hasBrowser)("the engine in a page (needs a browser; apt-get install chromium)", () => {
  const results = {};

  it("trains on one thread if memory cannot be shared", async () => {
    results.alone = JSON.parse(await runInPage(SCRIPT));
    expect(results.alone).toMatchObject({ crossOriginIsolated: false, threads: 1, used: 1 });
    expect(Number.isFinite(results.alone.loss) && Number.isFinite(results.alone.sum)).toBe(true);
  });

  it("trains on two with the same bits if the page is cross-origin isolated", async () => {
    results.isolated = JSON.parse(await runInPage(SCRIPT, { isolated: true }));
    expect(results.isolated).toMatchObject({ crossOriginIsolated: true, threads: 2, used: 2 });
    const { loss, norm, sum } = results.alone;
    expect(results.isolated).toMatchObject({ loss, norm, sum });
  });
});

const WEBGPU = `
  const tf = await import("@tensorflow/tfjs");
  await import("@tensorflow/tfjs-backend-webgpu");
  const { Dnc, unroll } = await import("@dnc/core");
  const engines = {
    webgpu: (await import("/packages/engine-webgpu/dist/index.js")).webGpuEngine,
    cpu: (await import("/packages/engine-wasm/dist/index.js")).wasmEngine,
  };
  const [timeSteps, batchSize] = [3, 2];
  const numbers = (count) => Float32Array.from({ length: count }, (_, index) => ((index * 7919) % 13) / 13);
  const [inputs, targets] = [numbers(timeSteps * batchSize * 3), numbers(timeSteps * batchSize * 2).map(Math.round)];
  const found = {};
  for (const [backend, engine] of Object.entries(engines)) {
    await tf.setBackend(backend);
    const core = new Dnc({ inputSize: 3, outputSize: 2, memorySize: 7, wordSize: 5, readHeads: 2, hiddenSize: 6, seed: 1 });
    const gradient = tf.grad((x) => unroll(core, x).outputs.square().sum())(tf.tensor(inputs, [timeSteps, batchSize, 3]));
    const training = engine.createTrainer(core, { optimizer: { type: "rmsprop", learningRate: 0.01 } });
    const mask = new Float32Array(timeSteps * batchSize).fill(1);
    const steps = [];
    for (let i = 0; i < 3; i++) steps.push(training.step({ timeSteps, batchSize, inputs, targets, mask }));
    const results = [...steps.filter((step) => step !== undefined), ...(await training.flush())];
    found[backend] = [results.flatMap(({ loss, globalNorm }) => [loss, globalNorm]), Array.from(await gradient.data())].flat();
  }
  document.title = JSON.stringify(found);
`;

describe.skipIf(!hasBrowser)("the engine for WebGPU in a page (needs a browser; apt-get install chromium)", () => {
  it("finds the same losses and gradients as the engine for the CPU", async () => {
    const { webgpu, cpu } = JSON.parse(await runInPage(WEBGPU, { gpu: true }));
    expect(cpu.length).toBe(6 + 18);
    expect(webgpu.length).toBe(cpu.length);
    for (const [index, value] of cpu.entries())
      expect(Math.abs(webgpu[index] - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
    expect(cpu[4]).toBeLessThan(cpu[0]);
  });
});

const CHECKPOINT = `
  const { parseCheckpoint, DamagedCheckpointError } = await import("@dnc/checkpoint");
  const names = ["state.json", "model.safetensors"];
  const bytes = async (name) => new Uint8Array(await (await fetch("/CHECKPOINT/" + name)).arrayBuffer());
  const files = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await bytes(name)])));
  const { step, model, optimizer } = await parseCheckpoint(files);
  files["model.safetensors"][9] ^= 1;
  const damage = await parseCheckpoint(files).catch((error) => error);
  const values = Array.from(model[0].values);
  const isDamage = damage instanceof DamagedCheckpointError;
  document.title = JSON.stringify({ step, values, optimizer, isDamage, message: damage.message });
`;

const NETWORK = `
  const tf = await import("@tensorflow/tfjs");
  const { unroll } = await import("@dnc/core");
  const { loadNetwork } = await import("/packages/checkpoint/dist/network/index.js");
  await tf.setBackend("cpu");
  const bytes = async (name) => new Uint8Array(await (await fetch("/CHECKPOINT/" + name)).arrayBuffer());
  const names = ["state.json", "model.safetensors"];
  const files = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await bytes(name)])));
  const network = await loadNetwork(files, { memorySize: 9 });
  const inputs = tf.tensor(INPUTS, [4, 2, 3]);
  document.title = JSON.stringify(Array.from(await unroll(network, inputs).outputs.data()));
`;

describe.skipIf(!hasBrowser)("a trained network in a page (needs a browser; apt-get install chromium)", () => {
  it("gives the same outputs as in Node", async () => {
    const folder = mkdtempSync(join(root, "node_modules/network-"));
    const saved = new Dnc({
      inputSize: 3,
      outputSize: 2,
      wordSize: 5,
      hiddenSize: 6,
      controller: "deep-lstm",
      seed: 3,
    });
    try {
      const state = { step: 7, config: networkSettings(saved.config) };
      await saveCheckpoint(folder, { model: await readTensors(saved.variables), optimizer: [], state });
      const inputs = Array.from({ length: 4 * 2 * 3 }, (_, index) => ((index * 7919) % 13) / 13);
      const path = join(folder, "step-00000007");
      const script = NETWORK.replace("/CHECKPOINT/", `/${relative(root, path)}/`).replace("INPUTS", `[${inputs}]`);
      const page = JSON.parse(await runInPage(script));
      await tf.setBackend("cpu");
      const network = await loadNetwork(path, { memorySize: 9 });
      const outputs = Array.from(await unroll(network, tf.tensor(inputs, [4, 2, 3])).outputs.data());
      expect(page).toHaveLength(4 * 2 * 2);
      // The functions of Math differ between versions of V8 in the last bits.
      for (const [index, value] of outputs.entries()) expect(page[index]).toBeCloseTo(value, 5);
      network.dispose();
    } finally {
      saved.dispose();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

const TRAINING = `
  import { Dnc } from "@dnc/core";
  import "@dnc/engine-wasm";
  import { copy, createRandom } from "@dnc/tasks";
  import { evaluate, RmsProp, train } from "@dnc/training";
  import * as tf from "@tensorflow/tfjs";

  export async function run() {
    await tf.setBackend("cpu");
    const task = copy({ numBits: 2 });
    const { inputSize, targetSize: outputSize } = task;
    const network = new Dnc({ inputSize, outputSize, hiddenSize: 16, memorySize: 6, wordSize: 5, seed: 1 });
    const optimizer = new RmsProp(network.variables, { learningRate: 0.01 });
    const losses = [];
    const onReport = ({ loss }) => void losses.push(loss);
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const { engine } = await train({ network, task, optimizer, iterations: 200, reportInterval: 50, onReport });
    clearInterval(timer);
    const score = await evaluate(network, task, { random: createRandom(2) });
    return { engine, losses, turns, score };
  }
`;

describe.skipIf(!hasBrowser)("train in a page (needs a browser; apt-get install chromium)", () => {
  it("learns the same as in Node, and yields to the page", async () => {
    const folder = mkdtempSync(join(root, "node_modules/training-"));
    try {
      const external = [/^@tensorflow\//];
      const { code } = await bundle(`${TRAINING} globalThis.run = run;`, folder, { external });
      const script = 'await import("/train.js"); document.title = JSON.stringify(await run());';
      const page = JSON.parse(await runInPage(script, { files: { "/train.js": code } }));
      const file = join(folder, "train.mjs");
      writeFileSync(file, TRAINING);
      const { losses, score } = await (await import(pathToFileURL(file).href)).run();
      expect(page.engine).toMatch(/^fused WebAssembly kernel/);
      expect(page.turns).toBeGreaterThan(0);
      expect(page.score).toMatchObject({ sequences: 16, bits: score.bits });
      // The functions of Math differ between versions of V8 in the last bits.
      page.losses.forEach((loss, index) => {
        expect(Math.abs(loss / losses[index] - 1)).toBeLessThan(1e-3);
      });
      expect(page.losses[3]).toBeLessThan(page.losses[0] / 2);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe.skipIf(!hasBrowser)("a checkpoint in a page (needs a browser; apt-get install chromium)", () => {
  it("is opened without its optimizer, and refused once it is damaged", async () => {
    const folder = mkdtempSync(join(root, "node_modules/checkpoint-"));
    try {
      const model = [{ name: "a", shape: [3], values: Float32Array.of(1, 2.5, -3) }];
      await saveCheckpoint(folder, { model, optimizer: model, state: { step: 7 } });
      const script = CHECKPOINT.replace("/CHECKPOINT/", `/${relative(root, folder)}/step-00000007/`);
      expect(JSON.parse(await runInPage(script))).toEqual({
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
