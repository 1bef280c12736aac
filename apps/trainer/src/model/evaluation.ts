import { createRandom, type Random } from "@dnc/tasks";

/** Creates the generator of an evaluation. Its seed is at least 2^31; those of training are smaller. */
export function evaluationRandom(seed: number): Random {
  return createRandom(2 ** 31 + seed);
}
