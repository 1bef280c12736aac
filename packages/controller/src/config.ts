import { checkInteger, checkKeys, checkSeed } from "@dnc/addressing/checks";

/** What every controller's config has. */
type Config = { readonly inputSize: number; readonly hiddenSize: number; readonly seed?: number | undefined };

const KEYS = ["inputSize", "hiddenSize", "seed"];

/**
 * Checks the sizes and the seed of a controller's config.
 *
 * @param keys - every key that the config may have.
 * @returns the config with its default seed.
 * @throws TypeError for an unknown key or a value of the wrong kind; RangeError for a number out of range.
 */
export function completeConfig<Given extends Config>(config: Given, keys = KEYS): Given & { readonly seed: number } {
  checkKeys("config", config, keys);
  const { inputSize, hiddenSize, seed = 0 } = config;
  checkInteger("inputSize", inputSize, 1);
  checkInteger("hiddenSize", hiddenSize, 1);
  checkSeed(seed);
  return { ...config, seed };
}
