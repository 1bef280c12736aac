import type { Settings } from "../flags/train-flags.js";

/** The names of the channels of a task's sequences, as `ChannelLabels` of a report. */
export function channelLabels({ task, num_bits }: Settings): {
  readonly inputs: readonly string[];
  readonly targets: readonly string[];
} {
  const bits = Array.from({ length: num_bits }, (_, bit) => `bit ${bit + 1}`);
  return task === "copy"
    ? { inputs: [...bits, "start", "recall"], targets: bits }
    : { inputs: [...bits, "start", "repeats"], targets: [...bits, "end"] };
}
