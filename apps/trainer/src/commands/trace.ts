import type { TraceData } from "@dnc/core";
import { adjustSettings, refuseRepeats } from "../flags/adjust-settings.js";
import type { TraceOptions } from "../flags/command-flags.js";
import { readRunConfig } from "../flags/run-config.js";
import type { Settings } from "../flags/train-flags.js";
import { evaluationRandom } from "../model/evaluation.js";
import { longestBatch } from "../model/sizes.js";
import { traceSequence } from "../model/traced-sequence.js";
import { size } from "../terminal/format.js";
import { warn } from "../terminal/warn.js";
import { written } from "../terminal/write-stdout.js";
import { UsageError } from "../usage-error.js";
import { factLines, networkFacts } from "./facts.js";
import { openNetwork } from "./open-network.js";
import { checkOutputFile, isStandardOutput, writeOutputFile } from "./output-file.js";
import { orTooLarge } from "./with-size-errors.js";

/** More do not fit into one string: it can have 2^29 characters or so, and a number takes about twenty. */
const MAX_NUMBERS = 25_000_000;

/**
 * `dnc trace`: writes down, as JSON, all that the network of a run does over one sequence.
 *
 * @returns the exit status.
 * @throws UsageError if something asked for cannot be.
 */
export async function runTrace(options: TraceOptions): Promise<number> {
  const { run, seed, out } = options;
  const trained = readRunConfig(run);
  refuseRepeats(trained, [["repeats", options.repeats]]);
  if (out !== undefined) checkOutputFile(out, run);
  const settings = oneSequence(trained, options);
  checkTraceSize(settings);
  const network = await openNetwork(run, settings, options, warn);
  try {
    const trace = await orTooLarge(() => traceSequence(network.core, settings, evaluationRandom(seed)));
    const json = `${await orTooLarge(() => JSON.stringify(trace))}\n`;
    if (out === undefined || isStandardOutput(out)) {
      await written(json);
      return 0;
    }
    await writeOutputFile(out, json, run);
    const facts = networkFacts(run, network, settings, trained);
    await written(factLines([...facts, ["trace", `${out}, ${size(Buffer.byteLength(json))}: ${contents(trace)}`]]));
  } finally {
    network.core.dispose();
  }
  return 0;
}

/** The run's settings, with sequences of exactly that length and so many repeats. */
export function oneSequence(
  trained: Settings,
  {
    length,
    repeats,
    memory_size,
  }: { length?: number | undefined; repeats?: number | undefined; memory_size?: number | undefined },
): Settings {
  const [exactly, times] = [length ?? trained.max_length, repeats ?? trained.max_repeats];
  const lengths = { min_length: exactly, max_length: exactly };
  const repetitions = trained.task === "repeat-copy" ? { min_repeats: times, max_repeats: times } : {};
  return adjustSettings(trained, { memory_size, ...lengths, ...repetitions }, 1);
}

/** @throws UsageError if links and memories alone make more text than a string can be. */
function checkTraceSize(settings: Settings): void {
  const { num_write_heads: writeHeads, memory_size: slots, word_size: wordSize } = settings;
  const numbers = longestBatch(settings) * slots * (writeHeads * slots + wordSize);
  if (numbers <= MAX_NUMBERS) return;
  const sizes = `at most ${MAX_NUMBERS} numbers, got ${numbers.toPrecision(3)}`;
  throw new UsageError(`too large: the links and memories of ${longestBatch(settings)} steps; expected ${sizes}`);
}

/** `27 quantities over 9 steps: observations [9, 1, 6], ...`. */
function contents({ quantities }: TraceData): string {
  const shapes = Object.entries(quantities).map(([name, { shape }]) => `${name} [${shape.join(", ")}]`);
  return `${shapes.length} quantities over ${quantities.mask.shape[0]} steps: ${shapes.join(", ")}`;
}
