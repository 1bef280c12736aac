import { type AnyTask, repeatCopy } from "@dnc/tasks";

/** Creates the task of settings; undefined: it is not known here. */
export function createTask(settings: Readonly<Record<string, unknown>>): AnyTask | undefined {
  const number = (name: string) => settings[name] as number | undefined;
  if (settings.task !== "repeat-copy") return undefined;
  return repeatCopy({
    numBits: number("num_bits"),
    minLength: number("min_length"),
    maxLength: number("max_length"),
    minRepeats: number("min_repeats"),
    maxRepeats: number("max_repeats"),
  });
}
