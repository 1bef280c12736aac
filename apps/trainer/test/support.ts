/** Small runs for tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dnc, LstmNetwork } from "@dnc/core";
import { registerEngine } from "@dnc/core/engine";
import { wasmEngine } from "@dnc/engine-wasm";
import { createRun as createRunFolder, type Run } from "@dnc/runs";
import {
  type BuiltInTask,
  builtInTask,
  type CommandLineWords,
  type CompleteTask,
  createNetwork,
  createTask,
  learningRateSchedule,
  type RunConfig,
  recordedSettings,
  runConfigOf,
} from "@dnc/settings";
import type { Settings } from "@dnc/settings/flags";
import { createRandom, isEpisodeTask, type Task } from "@dnc/tasks";
import { createOptimizer, createTraining, type Training } from "@dnc/training";
import { onTestFinished } from "vitest";
import { readSettings } from "../src/flags/settings.js";
import type { TrainParts } from "../src/run/train.js";
import type { Reporter } from "../src/terminal/reporter.js";

/** A network of a few hundred parameters on patterns of two bits. */
export const SMALL = {
  hidden_size: "8",
  memory_size: "4",
  word_size: "4",
  num_read_heads: "1",
  batch_size: "2",
  num_bits: "2",
} as const;

/** Creates the small network's settings, with changes. */
export function smallSettings(words: CommandLineWords = {}): Settings {
  return readSettings({ ...SMALL, ...words });
}

/** Creates the configuration of a run on a built-in task from its settings. */
export function configOfSettings(settings: Settings): RunConfig {
  return runConfigOf(settings, builtInTask(settings.task) as BuiltInTask);
}

/** Creates the configuration of a run from words of the command line. */
export function configOf(words: CommandLineWords = {}): RunConfig {
  return configOfSettings(readSettings(words));
}

/** Creates the small network's configuration, with changes. */
export function smallConfig(words: CommandLineWords = {}): RunConfig {
  return configOfSettings(smallSettings(words));
}

/** Creates a folder that is removed after the test, unless the test fails: then its path is printed. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "dnc-trainer-"));
  onTestFinished(({ task }) => {
    if (task.result?.state === "fail") console.error(`kept: ${path}`);
    else rmSync(path, { recursive: true, force: true });
  });
  return path;
}

/** A reporter that shows nothing. */
export const SILENT: Reporter = { start() {}, progress() {}, report() {}, notice() {}, failure() {}, end() {} };

/** Options of a training test. */
export interface LearningOptions {
  /** Whether an engine may train; default: true. */
  readonly engine?: boolean;
  /** Changes the task, for training alone. */
  readonly changeTask?: (
    task: Task,
    parts: { readonly network: Dnc | LstmNetwork; readonly training: Training },
  ) => Task;
}

/** Creates a network with everything that trains it; disposed after the test. */
export async function createLearning(settings: Settings, { engine = true, changeTask }: LearningOptions = {}) {
  registerEngine(wasmEngine); // a test before may have selected another engine
  const config = configOfSettings(settings);
  const seed = settings.seed ?? 1;
  const { iterations, maxGradNorm } = config.training;
  const { reportInterval, checkpointInterval } = config.recording;
  const task = await createTask(config.task);
  const network = createNetwork(config.network, task, seed);
  const optimizer = createOptimizer(config.training.optimizer, network.variables);
  let changed: Task | undefined;
  const training = await createTraining({
    ...{ network, optimizer, engine, iterations, maxGradNorm, reportInterval },
    task: () => changed ?? task,
    ...(checkpointInterval > 0 ? { checkpointInterval } : {}),
    ...{ random: createRandom(seed), learningRate: learningRateSchedule(config.training) },
  });
  changed = changeTask?.(sequenceTask(task), { network, training });
  onTestFinished(() => {
    training.dispose();
    optimizer.dispose();
    network.dispose();
  });
  return { config, seed, task, network, optimizer, training };
}

/** Everything that `train` takes, in a temporary folder. */
export async function createRun(
  settings: Settings,
  overrides: Partial<TrainParts> = {},
  options: LearningOptions = {},
) {
  const { config, seed, ...parts } = await createLearning(settings, options);
  const run: Run = await createRunFolder(join(temporaryFolder(), "run"), {
    ...{ network: parts.network, task: parts.task, seed, config: recordedSettings(settings, { seed, backend: "cpu" }) },
    ...{ iterations: config.training.iterations, reportInterval: config.recording.reportInterval },
    ...{ keepCheckpoints: config.recording.keepCheckpoints, backend: "cpu" },
  });
  // What a test does not wait for may fail.
  onTestFinished(() => run.close().catch(() => {}));
  return {
    ...{ ...parts, run, iterations: config.training.iterations, reporter: SILENT, shouldStop: () => false },
    ...overrides,
  };
}

/** Reads header and tensors of a safetensors file, following the format's description. */
export function decodeSafetensors(bytes: Buffer): { headerLength: number; tensors: Map<string, DecodedTensor> } {
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + headerLength).toString("utf8"));
  const data = bytes.subarray(8 + headerLength);
  const tensors = Object.entries(header as Record<string, { dtype: string; shape: number[]; data_offsets: number[] }>);
  return {
    headerLength,
    tensors: new Map(
      tensors.map(
        ([
          name,
          {
            dtype,
            shape,
            data_offsets: [begin, end],
          },
        ]) => {
          const part = data.subarray(begin, end);
          const values = Array.from({ length: part.length / 4 }, (_, index) => part.readFloatLE(4 * index));
          return [name, { dtype, shape, values }];
        },
      ),
    ),
  };
}

interface DecodedTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** The same task, which must be one of sequences. */
export function sequenceTask(task: CompleteTask): Exclude<CompleteTask, { startEpisodes: unknown }> {
  if (isEpisodeTask(task)) throw new TypeError(`expected a task of sequences, got ${task.name}`);
  return task;
}
