import type { Dnc } from "@dnc/core";
import type { NetworkConfig, TaskConfig } from "../configs.js";

/** The task in a line: `repeat-copy: 4 bits, length 1-2, repeats 1-2, 16 sequences an iteration`. */
export function describeTask(task: TaskConfig): string {
  return `${describeSequences(task)}, ${count(task.batchSize, "sequence")} an iteration`;
}

/** The task's sequences in a line: `repeat-copy: 4 bits, length 1-2, repeats 1-2`. */
export function describeSequences(task: TaskConfig): string {
  const repeats = task.name === "repeat-copy" ? [`repeats ${range(task.minRepeats, task.maxRepeats)}`] : [];
  const parts = [count(task.numBits, "bit"), `length ${range(task.minLength, task.maxLength)}`, ...repeats];
  return `${task.name}: ${parts.join(", ")}`;
}

/** The network in a line: `lstm 64, memory 16 x 16, 4 read heads, 1 write head: 43980 parameters in 24 tensors`. */
export function describeNetwork(config: NetworkConfig, { variables }: Pick<Dnc, "variables">): string {
  const parameters = variables.reduce((total, { variable }) => total + variable.size, 0);
  const parts = [
    `${config.controller} ${config.hiddenSize}`,
    `memory ${config.memorySize} x ${config.wordSize}`,
    count(config.readHeads, "read head"),
    count(config.writeHeads, "write head"),
  ];
  return `${parts.join(", ")}: ${count(parameters, "parameter")} in ${count(variables.length, "tensor")}`;
}

function range(low: number, high: number): string {
  return low === high ? String(low) : `${low}-${high}`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
