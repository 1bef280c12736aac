import { stat } from "node:fs/promises";
import { join } from "node:path";
import { parseMetrics, renderReport } from "@dnc/report";
import { readPlainFileIfThere } from "../files/plain-file.js";
import { adjustSettings, refuseRepeats } from "../flags/adjust-settings.js";
import { REPORT_FLAGS, type ReportOptions } from "../flags/command-flags.js";
import { readRunConfig } from "../flags/run-config.js";
import type { Settings } from "../flags/train-flags.js";
import { evaluationRandom } from "../model/evaluation.js";
import { describeModel, describeSequences } from "../model/model.js";
import { traceSequence } from "../model/traced-sequence.js";
import { measureMap, selectSizes } from "../report/accuracy-map.js";
import { channelLabels } from "../report/channel-labels.js";
import { readCheckpoints } from "../report/checkpoints.js";
import { configEntries, trainCommand } from "../report/config-entries.js";
import { readSamples } from "../report/samples.js";
import { size } from "../terminal/format.js";
import { runWord, shellCommand } from "../terminal/shell-word.js";
import { warn } from "../terminal/warn.js";
import { WorkProgress } from "../terminal/work-progress.js";
import { written } from "../terminal/write-stdout.js";
import { UsageError } from "../usage-error.js";
import { factLines, networkFacts } from "./facts.js";
import { type OpenNetwork, openNetwork } from "./open-network.js";
import { checkOutputFile, isStandardOutput, writeOutputFile } from "./output-file.js";
import { oneSequence } from "./trace.js";
import { orTooLarge } from "./with-size-errors.js";

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
  const trained = readRunConfig(run);
  refuseRepeats(trained, [["max_repeats", options.max_repeats]]);
  const out = options.out ?? join(run, "report.html");
  checkOutputFile(out, run);
  const settings = widest(trained, options);
  const network = await openNetwork(run, settings, options, warn);
  try {
    const page = await makePage(options, trained, settings, network).catch((error) => unread(run, error));
    await writeOutputFile(out, page, run);
    if (isStandardOutput(out)) return 0;
    const facts = networkFacts(run, network, { ...trained, memory_size: settings.memory_size }, trained);
    await written(factLines([...facts, ["page", `${out}, ${size(Buffer.byteLength(page))}`]]));
  } finally {
    network.core.dispose();
  }
  return 0;
}

/** The settings of the run, with all sizes up to the largest of the map. */
function widest(trained: Settings, { max_length, max_repeats, memory_size, sequences }: ReportOptions): Settings {
  const longest = max_length ?? Math.max(2 * trained.max_length, MIN_REACH);
  const most = max_repeats ?? Math.max(2 * trained.max_repeats, MIN_REACH);
  const bounds = { min_length: 1, max_length: longest, memory_size };
  const repeats = trained.task === "repeat-copy" ? { min_repeats: 1, max_repeats: most } : {};
  return adjustSettings(trained, { ...bounds, ...repeats }, sequences);
}

async function makePage(
  options: ReportOptions,
  trained: Settings,
  settings: Settings,
  { core, checkpoint, backend }: OpenNetwork,
): Promise<string> {
  const { run, seed, sequences } = options;
  const one = oneSequence(trained, { memory_size: settings.memory_size });
  const sizes = {
    lengths: selectSizes(settings.max_length, [trained.min_length, trained.max_length]),
    repeats:
      settings.task === "repeat-copy"
        ? selectSizes(settings.max_repeats, [trained.min_repeats, trained.max_repeats])
        : undefined,
  };
  const progress = new WorkProgress("map of accuracy");
  const onCell = (fraction: number, state: string) => progress.show(fraction, state);
  const accuracy = await orTooLarge(() =>
    measureMap(core, settings, trained, { ...sizes, sequences, seed }, onCell),
  ).finally(() => progress.end());
  const trace = await orTooLarge(() => traceSequence(core, one, evaluationRandom(seed)));
  return renderReport({
    title: sentenceCase(trained.task),
    task: withoutName(describeSequences(trained)),
    network: describeModel(trained, core),
    training: {
      began: (await stat(join(run, "config.json"))).mtime,
      backend: trained.backend,
      seed: trained.seed,
      batchSize: trained.batch_size,
      iterations: trained.num_training_iterations,
      command: trainCommand(trained),
    },
    folder: run,
    checkpoint,
    metrics: parseMetrics(readPlainFileIfThere(join(run, "metrics.jsonl")) ?? ""),
    samples: await readSamples(run),
    accuracy,
    trace: { data: trace, description: withoutName(describeSequences(one)), labels: channelLabels(trained) },
    memorySize: settings.memory_size === trained.memory_size ? undefined : settings.memory_size,
    checkpoints: await readCheckpoints(run),
    config: configEntries(trained),
    generated: { at: new Date(), command: commandLine(options), backend: backend.name },
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

function commandLine({ run, ...options }: ReportOptions): string {
  const values: Readonly<Record<string, unknown>> = options;
  const given = REPORT_FLAGS.filter(({ name, default: usual }) => values[name] !== usual);
  return shellCommand(["dnc", "report", runWord(run), ...given.map(({ name }) => `--${name}=${values[name]}`)]);
}
