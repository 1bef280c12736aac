import type { Dnc } from "@dnc/core";
import { createRandom, type Random, type Score } from "@dnc/tasks";
import { evaluate as evaluateTask } from "@dnc/training";
import type { Settings } from "../flags/train-flags.js";
import { createTask } from "./model.js";

/**
 * Evaluates a network on sequences, `settings.batch_size` at a time. The generator alone decides which sequences.
 *
 * @param settings - say what the sequences are like.
 * @param onBatch - told after each batch how many sequences have been evaluated.
 */
export async function evaluate(
  core: Dnc,
  settings: Settings,
  random: Random,
  sequences: number,
  onBatch?: (sequences: number) => void,
): Promise<Score> {
  return evaluateTask(core, createTask(settings), { random, sequences, onBatch });
}

/** The generator of an evaluation: training samples from those with seeds below 2^31, so never from this one. */
export function evaluationRandom(seed: number): Random {
  return createRandom(2 ** 31 + seed);
}
