import type { Score } from "@dnc/tasks";
import { adjustSettings } from "../flags/adjust-settings.js";
import type { EvalOptions } from "../flags/command-flags.js";
import { readRunConfig } from "../flags/run-config.js";
import type { Settings } from "../flags/train-flags.js";
import { evaluate, evaluationRandom } from "../model/evaluation.js";
import { duration, percentage } from "../terminal/format.js";
import { visibleJson } from "../terminal/visible.js";
import { warn } from "../terminal/warn.js";
import { WorkProgress } from "../terminal/work-progress.js";
import { written } from "../terminal/write-stdout.js";
import { factLines, networkFacts } from "./facts.js";
import { type OpenNetwork, openNetwork } from "./open-network.js";
import { orTooLarge } from "./with-size-errors.js";

/**
 * `dnc eval`: scores the network of a run on fresh sequences.
 *
 * @returns the exit status.
 * @throws UsageError if something asked for cannot be.
 */
export async function runEvaluation(options: EvalOptions): Promise<number> {
  const { run, sequences, seed } = options;
  const trained = readRunConfig(run);
  const settings = adjustSettings(trained, options, Math.min(options.batch_size, sequences));
  const network = await openNetwork(run, settings, options, warn);
  try {
    const began = performance.now();
    const progress = new WorkProgress("evaluation");
    const onBatch = (done: number) => progress.show(done / sequences, `${done} of ${sequences} sequences`);
    const work = () => evaluate(network.core, settings, evaluationRandom(seed), sequences, onBatch);
    const score = await orTooLarge(work).finally(() => progress.end());
    const seconds = (performance.now() - began) / 1000;
    const result = { network, settings, trained, score, seconds };
    await written(options.json ? `${visibleJson(resultRecord(options, result))}\n` : resultText(options, result));
  } finally {
    network.core.dispose();
  }
  return 0;
}

interface Result {
  readonly network: OpenNetwork;
  readonly settings: Settings;
  readonly trained: Settings;
  readonly score: Score;
  readonly seconds: number;
}

/** One object for programs; means are over the sequences. */
function resultRecord({ run, seed }: EvalOptions, { network, settings, score, seconds }: Result): object {
  const { task, memory_size, min_length, max_length, min_repeats, max_repeats } = settings;
  return {
    run,
    checkpoint: network.checkpoint.name,
    step: network.checkpoint.step,
    sequences: score.sequences,
    loss: score.loss / score.sequences,
    wrong_bits: score.wrongBits / score.sequences,
    wrong_bit_share: score.wrongBits / score.bits,
    exact_match: score.exactMatch / score.sequences,
    task,
    min_length,
    max_length,
    ...(task === "repeat-copy" ? { min_repeats, max_repeats } : {}),
    memory_size,
    seed,
    backend: network.backend.name,
    seconds,
  };
}

function resultText({ run, seed }: EvalOptions, { network, settings, trained, score, seconds }: Result): string {
  const { sequences, loss, bits, wrongBits, exactMatch } = score;
  const share = wrongBits === 0 ? "" : `, ${percentage(wrongBits / bits)} of the ${bits} that count`;
  return factLines([
    ...networkFacts(run, network, settings, trained),
    ["sequences", `${sequences} new ones in ${time(seconds)} (--seed=${seed} samples them again)`],
    ["", ""],
    [
      "exact match",
      `${percentage(exactMatch / sequences)}: ${exactMatch} of ${sequences} sequences without a wrong bit`,
    ],
    ["wrong bits", `${wrongBits === 0 ? "none" : `${(wrongBits / sequences).toFixed(4)} per sequence${share}`}`],
    ["loss", `${(loss / sequences).toFixed(4)} nats per sequence`],
  ]);
}

function time(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : duration(seconds);
}
