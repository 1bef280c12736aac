/** A program that uses every package as TypeScript users do; it is compiled, never run. */

/** Contents of `consumer.ts`. The expected errors detect types that have become `any`. */
export const CONSUMER = `import { type AccessState, MemoryAccess } from "@dnc/access";
import { allocationWeights, type LinkageState } from "@dnc/addressing";
import { encodeSafetensors, readTensors, type StoredTensor } from "@dnc/checkpoint";
import { findCheckpoint, saveCheckpoint } from "@dnc/checkpoint/node";
import { createController, type Lstm } from "@dnc/controller";
import { Dnc, type DncState, type DncTrace, serializeTrace, unroll } from "@dnc/core";
import { DncCell } from "@dnc/core/layers";
import { type Engine, type KernelEngine, supportsCore, type Trainer, type TrainStepResult } from "@dnc/core/engine";
import { NativeTrainer, nativeEngine, whyUnavailable } from "@dnc/engine-native";
import { tfjsEngine } from "@dnc/engine-tfjs";
import { configureEngine, WasmTrainer, wasmEngine } from "@dnc/engine-wasm";
import { WebGpuTrainer } from "@dnc/engine-webgpu";
import { encodePng, type RunReport, renderReport, traceHeatmaps } from "@dnc/report";
import { createRun, type Run } from "@dnc/runs";
import { readMetrics } from "@dnc/runs/read";
import { type Batch, createRandom, repeatCopy, type Task } from "@dnc/tasks";
import { lossFunction, RmsProp, trainStep } from "@dnc/training";
import * as tf from "@tensorflow/tfjs";

const usage = tf.tensor2d([[0, 0.5]]);
export const weights: tf.Tensor2D = allocationWeights(usage);
export const link = (state: LinkageState): number[] => state.link.shape;

export const access = new MemoryAccess({ inputSize: 6, seed: 1 });
export const accessState: AccessState = access.initialState(2);
export const controller = createController({ type: "lstm", inputSize: 6, hiddenSize: 8 });

const core = new Dnc({ inputSize: 6, outputSize: 5, controller: "deep-lstm", layers: 2, seed: 1 });
const inputs = tf.zeros<tf.Rank.R3>([9, 16, 6]);
export const { outputs, finalState, trace } = unroll(core, inputs, core.initialState(16), { trace: true });
export const state: DncState = finalState;
export const shown: DncTrace = trace;
export const trained: tf.Tensor3D = tf.tidy(() => unroll(core, inputs).outputs);
export const layer = tf.layers.rnn({ cell: new DncCell({ outputSize: 2 }), returnSequences: true });

configureEngine({ threads: 2 });
const arrays = { timeSteps: 1, batchSize: 1, inputs: new Float32Array(6), targets: new Float32Array(5) };
export const loss: number = new WasmTrainer(core).step({ ...arrays, mask: new Float32Array(1) }).loss;
export const onGpu: Trainer = new WebGpuTrainer(core, { optimizer: { type: "rmsprop", learningRate: 1e-3 } });
export const engine: KernelEngine = wasmEngine;
export const engines: readonly Engine[] = [nativeEngine, wasmEngine, tfjsEngine];
export const onMachine: Trainer | string = whyUnavailable() ?? new NativeTrainer(core, { instructionSet: "avx2" });
export const isSupported: true | string = supportsCore(engine, core);

const task: Task = repeatCopy({ batchSize: 4 });
export const batch: Batch = task.sampleBatch(createRandom(1));
const optimizer = new RmsProp(core.variables, { learningRate: 1e-3 });
export const step: Promise<TrainStepResult> = trainStep({ network: core, loss: lossFunction(task), optimizer, maxGradNorm: 50 }, batch);

export async function saved(folder: string): Promise<readonly StoredTensor[] | undefined> {
  await saveCheckpoint(folder, { model: await readTensors(core.variables), optimizer: [], state: { step: 1 } });
  return (await findCheckpoint(folder, "latest"))?.model;
}
export const file: Uint8Array = encodeSafetensors([]);

export async function images(): Promise<readonly Uint8Array[]> {
  return traceHeatmaps(await serializeTrace(trace)).map(encodePng);
}
const report: RunReport = { title: "A run", metrics: { reports: [{ step: 1, loss: 2 }] } };
export const page: string = renderReport(report);
export const run: Promise<Run> = createRun("run", { config: {}, network: core, task });
export const losses: readonly number[] = readMetrics("run").reports.map(({ loss }) => loss);

// @ts-expect-error usage is a tensor of rank 2
allocationWeights("usage");
// @ts-expect-error a size is a number
new Dnc({ inputSize: "six", outputSize: 5 });
// @ts-expect-error there is no such controller
createController({ type: "transformer", inputSize: 6, hiddenSize: 8 });
// @ts-expect-error an LSTM is built from its configuration
export const lstm: Lstm = "lstm";
// @ts-expect-error without a trace there is none
unroll(core, inputs).trace.memory;
// @ts-expect-error a task is named
repeatCopy({ batchSize: "four" });
// @ts-expect-error a file is bytes
export const text: string = encodeSafetensors([]);
// @ts-expect-error a page has a title
renderReport({});
// @ts-expect-error a number of threads
configureEngine({ threads: "two" });
`;
