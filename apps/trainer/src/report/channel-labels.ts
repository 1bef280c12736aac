import type { TaskConfig } from "../configs.js";

/** The names of the channels of a task's sequences, as `ChannelLabels` of a report. */
export function channelLabels({ name, numBits }: TaskConfig): {
  readonly inputs: readonly string[];
  readonly targets: readonly string[];
} {
  const bits = Array.from({ length: numBits }, (_, bit) => `bit ${bit + 1}`);
  return name === "copy"
    ? { inputs: [...bits, "start", "recall"], targets: bits }
    : { inputs: [...bits, "start", "repeats"], targets: [...bits, "end"] };
}
