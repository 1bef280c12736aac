import { stat } from "node:fs/promises";
import { join } from "node:path";
import { renderReport } from "@dnc/report";
import { readCheckpoints, readMetrics, readSamples } from "@dnc/runs/read";
import { traceSequence } from "@dnc/training";
import type { ModelConfig, TrainedRun } from "../configs.js";
import type { ReportOptions } from "../flags/command-options.js";
import { readTrainedRun } from "../flags/gate.js";
import { adjustModel, checkRepeats, oneSequence } from "../model/adjust-model.js";
import { createTask } from "../model/create-network.js";
import { describeNetwork, describeSequences } from "../model/describe.js";
import { evaluationRandom } from "../model/evaluation.js";
import { withSizeErrors } from "../model/with-size-errors.js";
import { measureMap, selectSizes } from "../report/accuracy-map.js";
import { channelLabels } from "../report/channel-labels.js";
import { size } from "../terminal/format.js";
import { warn } from "../terminal/warn.js";
import { WorkProgress } from "../terminal/work-progress.js";
import { writeStdout } from "../terminal/write-stdout.js";
import { UsageError } from "../usage-error.js";
import { factLines, networkFacts } from "./facts.js";
import { type OpenNetwork, openNetwork } from "./open-network.js";
import { checkOutputFile, isStandardOutput, writeOutputFile } from "./output-file.js";

/** The map includes at least the sizes up to this. */
const MIN_REACH = 4;

/**
 * Runs `dnc report`: writes a run as one page of HTML.
 *
 * @returns the exit status.
 * @throws UsageError if an option does not fit the run, or a file cannot be read or written.
 */
export async function runReport(options: ReportOptions): Promise<number> {
  const { run } = options;
  const trained = readTrainedRun(run);
  checkRepeats(trained.config.task, { max_repeats: options.maxRepeats });
  const out = options.out ?? join(run, "report.html");
  const label = options.out === undefined ? "report.html" : "--out";
  checkOutputFile(out, run, label);
  const config = widest(trained.config, options);
  const opened = await openNetwork(run, config, options, warn);
  try {
    const page = await makePage(options, trained, config, opened).catch((error) => unread(run, error));
    await writeOutputFile(out, page, run, label);
    if (isStandardOutput(out)) return 0;
    const { task } = trained.config;
    const facts = networkFacts(run, opened, { network: config.network, task }, trained.config);
    await writeStdout(factLines([...facts, ["page", `${out}, ${size(Buffer.byteLength(page))}`]]));
  } finally {
    opened.network.dispose();
  }
  return 0;
}

/** The configuration of the run, with all sizes up to the largest of the map. */
function widest(trained: TrainedRun["config"], options: ReportOptions): ModelConfig & { readonly seed: number } {
  const { maxLength = Math.max(2 * trained.task.maxLength, MIN_REACH), memorySize } = options;
  const { maxRepeats = Math.max(2 * trained.task.maxRepeats, MIN_REACH) } = options;
  const repeats = trained.task.name === "repeat-copy" ? { minRepeats: 1, maxRepeats } : {};
  return adjustModel(trained, { minLength: 1, maxLength, memorySize, ...repeats }, options.sequences);
}

async function makePage(
  { run, seed, sequences, commandLine }: ReportOptions,
  { config: trained, entries, command }: TrainedRun,
  config: ModelConfig,
  { network, checkpoint, backend }: OpenNetwork,
): Promise<string> {
  const { memorySize } = config.network;
  const one = oneSequence(trained, { memorySize });
  const { minLength, maxLength, minRepeats, maxRepeats } = trained.task;
  const sizes = {
    lengths: selectSizes(config.task.maxLength, [minLength, maxLength]),
    repeats:
      config.task.name === "repeat-copy" ? selectSizes(config.task.maxRepeats, [minRepeats, maxRepeats]) : undefined,
  };
  const progress = new WorkProgress("map of accuracy");
  const onCell = (fraction: number, state: string) => progress.show(fraction, state);
  const accuracy = await withSizeErrors(() =>
    measureMap(network, config.task, trained.task, { ...sizes, sequences, seed }, onCell),
  ).finally(() => progress.end());
  const batch = createTask(one.task).sampleBatch(evaluationRandom(seed));
  const trace = await withSizeErrors(() => traceSequence(network, batch));
  return renderReport({
    title: sentenceCase(trained.task.name),
    task: withoutName(describeSequences(trained.task)),
    network: describeNetwork(trained.network, network),
    training: {
      began: (await stat(join(run, "config.json"))).mtime,
      backend: trained.backend,
      seed: trained.seed,
      batchSize: trained.task.batchSize,
      iterations: trained.training.iterations,
      command,
    },
    folder: run,
    checkpoint,
    metrics: readMetrics(run),
    samples: await readSamples(run),
    accuracy,
    trace: { data: trace, description: withoutName(describeSequences(one.task)), labels: channelLabels(trained.task) },
    memorySize: memorySize === trained.network.memorySize ? undefined : memorySize,
    checkpoints: await readCheckpoints(run),
    config: entries,
    generated: { at: new Date(), command: commandLine, backend: backend.name },
  });
}

/** `Repeat copy` for `repeat-copy`. */
function sentenceCase(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " ");
}

/** The sequences without the name of their task. */
function withoutName(sequences: string): string {
  return sequences.replace(/^[^:]*: /, "");
}

/** A file that the system refuses to read is the user's to fix; other errors are defects of the program. */
function unread(run: string, error: NodeJS.ErrnoException): never {
  if (error.syscall === undefined) throw error;
  throw new UsageError(`${run}: cannot be read (${error.message})`);
}
