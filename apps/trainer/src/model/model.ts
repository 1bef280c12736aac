import { networkConfig } from "@dnc/checkpoint/network";
import { Dnc } from "@dnc/core";
import { copy, repeatCopy, type Task } from "@dnc/tasks";
import type { Settings } from "../flags/train-flags.js";

/** The task that the settings describe. */
export function createTask(settings: Settings, batchSize = settings.batch_size): Task {
  const { num_bits: numBits, min_length: minLength, max_length: maxLength } = settings;
  const patterns = { batchSize, numBits, minLength, maxLength };
  if (settings.task === "copy") return copy(patterns);
  return repeatCopy({ ...patterns, minRepeats: settings.min_repeats, maxRepeats: settings.max_repeats });
}

/** A core for that task with its first weights, which the seed decides. */
export function createCore(settings: Settings, task: Task, seed: number): Dnc {
  return new Dnc({
    ...networkConfig(settings),
    inputSize: task.inputSize,
    outputSize: task.targetSize,
    seed,
  });
}

/** The task in a line: `repeat-copy: 4 bits, length 1-2, repeats 1-2, 16 sequences an iteration`. */
export function describeTask(settings: Settings): string {
  return `${describeSequences(settings)}, ${count(settings.batch_size, "sequence")} an iteration`;
}

/** The task's sequences in a line: `repeat-copy: 4 bits, length 1-2, repeats 1-2`. */
export function describeSequences(settings: Settings): string {
  const { num_bits: bits, min_length, max_length, min_repeats, max_repeats } = settings;
  const repeats = settings.task === "repeat-copy" ? [`repeats ${range(min_repeats, max_repeats)}`] : [];
  return `${settings.task}: ${[count(bits, "bit"), `length ${range(min_length, max_length)}`, ...repeats].join(", ")}`;
}

/** The model in a line: `lstm 64, memory 16 x 16, 4 read heads, 1 write head: 43980 parameters in 24 tensors`. */
export function describeModel(settings: Settings, core: Dnc): string {
  const parameters = core.variables.reduce((total, { variable }) => total + variable.size, 0);
  const parts = [
    `${settings.controller} ${settings.hidden_size}`,
    `memory ${settings.memory_size} x ${settings.word_size}`,
    count(settings.num_read_heads, "read head"),
    count(settings.num_write_heads, "write head"),
  ];
  return `${parts.join(", ")}: ${count(parameters, "parameter")} in ${count(core.variables.length, "tensor")}`;
}

function range(low: number, high: number): string {
  return low === high ? String(low) : `${low}-${high}`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
