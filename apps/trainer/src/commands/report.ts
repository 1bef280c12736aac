import { stat } from "node:fs/promises";
import { join } from "node:path";
import { describeNetwork } from "@dnc/core";
import { renderReport } from "@dnc/report";
import { readCheckpoints, readMetrics, readSamples } from "@dnc/runs/read";
import { createTask, type ModelConfig, UsageError, withSizeErrors } from "@dnc/settings";
import type { GridProgress } from "@dnc/training";
import type { TrainedRun } from "../configs.js";
import type { ReportOptions } from "../flags/command-options.js";
import { readTrainedRun } from "../flags/gate.js";
import { checkTaskSizes, mapModel, oneSequence } from "../model/adjust-model.js";
import { evaluationRandom } from "../model/evaluation.js";
import { size } from "../terminal/format.js";
import { lossUnit } from "../terminal/loss-words.js";
import { writeStdout } from "../terminal/output.js";
import { warn } from "../terminal/warn.js";
import { WorkProgress } from "../terminal/work-progress.js";
import { measureMap } from "./accuracy-map.js";
import { blockPictures } from "./block-pictures.js";
import { factLines, networkFacts } from "./facts.js";
import { graphPictures } from "./graph-pictures.js";
import { checkSweepFlags } from "./only-flags.js";
import { type OpenNetwork, openNetwork } from "./open-network.js";
import { checkOutputFile, isStandardOutput, writeOutputFile } from "./output-file.js";
import { checkOutsidePackage, type NetworkSource } from "./pretrained.js";
import { sequenceTrace } from "./sequence-trace.js";

/**
 * Runs `dnc report`: writes a run as one page of HTML.
 *
 * @returns the exit status.
 * @throws UsageError if an option does not fit the run, or a file cannot be read or written.
 */
export async function runReport(options: ReportOptions): Promise<number> {
  const { run, pretrained } = options;
  checkSweepFlags(options);
  const trained = await readTrainedRun(run, warn, options);
  checkTaskSizes(trained.config.task, { max_length: options.maxLength, max_repeats: options.maxRepeats });
  const file = pretrained === undefined ? "report.html" : `${pretrained}.html`;
  const out = options.out ?? (pretrained === undefined ? join(run, file) : file);
  const label = options.out === undefined ? file : "--out";
  checkOutputFile(out, run, label);
  checkOutsidePackage(out, options);
  const config = mapModel(trained.config, options, options.sequences);
  const opened = await openNetwork(run, config, options);
  try {
    const page = await renderPage(options, trained, config, opened).catch((error) => rethrow(run, error));
    await writeOutputFile(out, page, run, label);
    if (isStandardOutput(out)) return 0;
    const { task } = trained.config;
    const facts = await networkFacts(options, opened, { network: config.network, task }, trained.config);
    await writeStdout(factLines([...facts, ["page", `${out}, ${size(Buffer.byteLength(page))}`]]));
  } finally {
    opened.network.dispose();
  }
  return 0;
}

async function renderPage(
  options: ReportOptions,
  { config: trained, entries, command }: TrainedRun,
  config: ModelConfig,
  { network, checkpoint, backend }: OpenNetwork,
): Promise<string> {
  const { seed, sequences, commandLine } = options;
  const { memorySize } = config.network;
  // Before the map, which may take minutes: what cannot be read is refused at once.
  const { began, ...recorded } = await readRecords(options);
  const [task, one] = await Promise.all([trained.task, oneSequence(trained, {}).task].map(createTask));
  const progress = new WorkProgress("map of accuracy");
  const onCell = ({ fraction, done, cells }: GridProgress) => progress.show(fraction, `${done} of ${cells} cells`);
  const accuracy = await withSizeErrors(() =>
    measureMap(network, config.task, trained.task, { sequences, seed, onCell }),
  ).finally(() => progress.end());
  const trace = await sequenceTrace(network, one, seed);
  const graphs = await withSizeErrors(() => graphPictures(network, one, evaluationRandom(seed)));
  const boards = await withSizeErrors(() => blockPictures(network, one, evaluationRandom(seed)));
  const trainedSize = network.config.memory === false ? 0 : trained.network.memorySize;
  const trainedNetwork = { ...network.config, memorySize: trainedSize } as typeof network.config;
  return renderReport({
    title: sentenceCase(task.name),
    task: task.description,
    network: describeNetwork({ config: trainedNetwork, variables: network.variables }),
    training: {
      began,
      backend: trained.backend,
      seed: trained.seed,
      batchSize: trained.task.batchSize,
      iterations: trained.training.iterations,
      command,
      lossUnit: lossUnit(task),
    },
    checkpoint,
    ...recorded,
    accuracy,
    trace,
    graphs,
    boards,
    memorySize: memorySize === trained.network.memorySize ? undefined : memorySize,
    config: entries,
    generated: { at: new Date(), command: commandLine, backend: backend.name },
  });
}

/** Reads what the training has recorded. A pretrained network has its weights alone. */
async function readRecords({ run, pretrained }: NetworkSource) {
  if (pretrained !== undefined) return { began: undefined, folder: `@dnc/pretrained/networks/${pretrained}` };
  return {
    began: (await stat(join(run, "config.json"))).mtime,
    folder: run,
    metrics: readMetrics(run),
    samples: await readSamples(run),
    checkpoints: await readCheckpoints(run),
  };
}

/** Formats the name of a task: `Repeat copy` for `repeat-copy`. */
function sentenceCase(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " ");
}

/** Converts errors of the file system, which the user can fix, to a UsageError; throws others as they are. */
function rethrow(run: string, error: NodeJS.ErrnoException): never {
  if (error.syscall === undefined) throw error;
  throw new UsageError(`${run}: cannot be read (${error.message})`);
}
