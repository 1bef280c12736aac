import { createRandom, type Random } from "@dnc/tasks";

/** The generator of an evaluation: training samples from those with seeds below 2^31, so never from this one. */
export function evaluationRandom(seed: number): Random {
  return createRandom(2 ** 31 + seed);
}
