import type { TraceData } from "@dnc/core";
import { type CompleteTask, createTask, type NetworkConfig, UsageError, withSizeErrors } from "@dnc/settings";
import { traceSequence } from "@dnc/training";
import type { TraceOptions } from "../flags/command-options.js";
import { readTrainedRun } from "../flags/gate.js";
import { checkTaskSizes, oneSequence } from "../model/adjust-model.js";
import { evaluationRandom } from "../model/evaluation.js";
import { sequenceOf } from "../model/sequence-of.js";
import { size } from "../terminal/format.js";
import { writeStdout } from "../terminal/output.js";
import { warn } from "../terminal/warn.js";
import { factLines, networkFacts } from "./facts.js";
import { openNetwork } from "./open-network.js";
import { checkOutputFile, isStandardOutput, writeOutputFile } from "./output-file.js";
import { checkOutsidePackage } from "./pretrained.js";

/** Most numbers in one string, which can have about 2^29 characters; a number takes about 20. */
const MAX_NUMBERS = 25_000_000;

/**
 * Runs `dnc trace`: writes all quantities of a run's network over one sequence, as JSON.
 *
 * @returns the exit status.
 * @throws UsageError if an option does not fit the run, or a file cannot be read or written.
 */
export async function runTrace(options: TraceOptions): Promise<number> {
  const { run, seed, out } = options;
  const { config: trained } = await readTrainedRun(run, warn, options);
  checkTaskSizes(trained.task, { length: options.length, repeats: options.repeats });
  if (trained.network.kind === "lstm")
    throw new UsageError(`expected a run whose network has a memory to trace, got ${run}, whose network is an LSTM`);
  if (out !== undefined) checkOutputFile(out, run);
  if (out !== undefined) checkOutsidePackage(out, options);
  const config = oneSequence(trained, options);
  checkTraceSize(config.network, await createTask(config.task));
  const opened = await openNetwork(run, config, options);
  try {
    const { batch, reading } = await sequenceOf(opened.network, opened.task, evaluationRandom(seed));
    const trace = await withSizeErrors(() => traceSequence(opened.network, batch, reading));
    const json = `${await withSizeErrors(() => JSON.stringify(trace))}\n`;
    if (out === undefined || isStandardOutput(out)) {
      await writeStdout(json);
      return 0;
    }
    await writeOutputFile(out, json, run);
    const facts = await networkFacts(options, opened, config, trained);
    await writeStdout(factLines([...facts, ["trace", `${out}, ${size(Buffer.byteLength(json))}: ${contents(trace)}`]]));
  } finally {
    opened.network.dispose();
  }
  return 0;
}

/** Throws a UsageError if links and memories alone exceed the length of a string. */
function checkTraceSize(network: NetworkConfig, { maxTimeSteps }: CompleteTask): void {
  const { writeHeads, memorySize: slots, wordSize } = network;
  const numbers = maxTimeSteps * slots * (writeHeads * slots + wordSize);
  if (numbers <= MAX_NUMBERS) return;
  const sizes = `at most ${MAX_NUMBERS} numbers, got ${numbers.toPrecision(3)}`;
  throw new UsageError(`too large: the links and memories of ${maxTimeSteps} steps; expected ${sizes}`);
}

/** Describes a trace: `27 quantities over 9 steps: observations [9, 1, 6], ...`. */
function contents({ quantities }: TraceData): string {
  const shapes = Object.entries(quantities).map(([name, { shape }]) => `${name} [${shape.join(", ")}]`);
  return `${shapes.length} quantities over ${quantities.mask.shape[0]} steps: ${shapes.join(", ")}`;
}
