/** Small settings for tests. */
import {
  type BuiltInTask,
  builtInTask,
  type CommandLineWords,
  type RunConfig,
  resolveSettings,
  runConfigOf,
} from "../src/index.js";

/** A network of a few hundred parameters on patterns of two bits. */
export const SMALL = {
  hidden_size: 8,
  memory_size: 4,
  word_size: 4,
  num_read_heads: 1,
  batch_size: 2,
  num_bits: 2,
} as const;

/** Creates the configuration of a run on a built-in task whose sizes are flags, from words of the command line. */
export function configOf(words: CommandLineWords = {}): RunConfig {
  const settings = resolveSettings({ words });
  return runConfigOf(settings, builtInTask(settings.task) as BuiltInTask);
}

/** Creates the small network's configuration, with changes. */
export function smallConfig(words: CommandLineWords = {}): RunConfig {
  const small = Object.entries(SMALL).map(([name, value]) => [name, String(value)]);
  return configOf({ ...Object.fromEntries(small), ...words });
}
