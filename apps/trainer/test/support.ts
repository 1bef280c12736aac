/** Small runs for tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@dnc/tasks";
import { RmsProp } from "@dnc/training";
import { onTestFinished } from "vitest";
import { EventFile } from "../src/event-file/index.js";
import { runConfig } from "../src/flags/run-config.js";
import { type CommandLineWords, resolveSettings } from "../src/flags/settings.js";
import type { Settings } from "../src/flags/train-flags.js";
import { createCore, createTask } from "../src/model/model.js";
import { createLearner } from "../src/run/create-learner.js";
import type { Learner, LearnerParts } from "../src/run/learner.js";
import { beginning } from "../src/run/progress.js";
import { Recorder } from "../src/run/recorder.js";
import { RunFolder } from "../src/run/run-folder.js";
import type { Run } from "../src/run/train.js";
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

/** The small network's settings, some of them changed. */
export function smallSettings(words: CommandLineWords = {}): Settings {
  return resolveSettings({ ...SMALL, ...words });
}

/** A new folder that goes away with the test, unless the test fails: then it says where the folder is. */
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

/** Makes a learner; `onCpu` is how the trainer makes it on the backend of the tests. */
export type MakeLearner = (settings: Settings, parts: LearnerParts) => Learner;
export const onCpu: MakeLearner = (settings, parts) => createLearner(settings, "cpu", parts);

/** A core with all that moves its weights, until the end of the test. */
export function createLearning(settings: Settings, makeLearner = onCpu) {
  const task = createTask(settings);
  const core = createCore(settings, task, settings.seed ?? 1);
  const { learning_rate: learningRate, optimizer_epsilon: epsilon, max_grad_norm: maxGradNorm } = settings;
  const optimizer = new RmsProp(core.variables, { learningRate, epsilon });
  const learner = makeLearner(settings, { core, task, optimizer, maxGradNorm });
  onTestFinished(() => {
    learner.dispose();
    optimizer.dispose();
    core.dispose();
  });
  return { task, core, optimizer, learner };
}

/** Everything that `train` takes, in a temporary folder. */
export async function createRun(
  settings: Settings,
  overrides: Partial<Run> = {},
  makeLearner: MakeLearner = onCpu,
): Promise<Run> {
  const seed = settings.seed ?? 1;
  const config = runConfig(settings, { seed, backend: "cpu" });
  const folder = await RunFolder.create(join(temporaryFolder(), "run"), config);
  const events = await EventFile.create(folder.path, { step: 0 });
  onTestFinished(async () => {
    await events.close();
    folder.close();
  });
  return {
    ...createLearning(settings, makeLearner),
    identity: { seed, config, backend: "cpu", instruction_set: null },
    standing: { means: beginning(), reported: 0, random: createRandom(seed) },
    iterations: settings.num_training_iterations,
    reportInterval: settings.report_interval,
    checkpointInterval: settings.checkpoint_interval,
    keepCheckpoints: settings.keep_checkpoints,
    folder,
    recorder: new Recorder(folder, events),
    reporter: SILENT,
    shouldStop: () => false,
    ...overrides,
  };
}

/** The header and the tensors of a safetensors file, read by the format's description. */
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
