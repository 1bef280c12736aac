import type { NamedVariable } from "@dnc/controller";
import type { CompleteDncConfig } from "./config.js";

/**
 * Describes a network in a line: `lstm 64, memory 16 x 16, 4 read heads, 1 write head: 43980 parameters in 24 tensors`.
 *
 * @param network - a `Dnc`, or its `config` and `variables`.
 */
export function describeNetwork({
  config,
  variables,
}: {
  readonly config: CompleteDncConfig;
  readonly variables: readonly NamedVariable[];
}): string {
  const { controller, hiddenSize, memorySize, wordSize, readHeads, writeHeads } = config;
  const parameters = variables.reduce((total, { variable }) => total + variable.size, 0);
  const parts = [
    typeof controller === "function" ? "custom controller" : `${controller} ${hiddenSize}`,
    `memory ${memorySize} x ${wordSize}`,
    counted(readHeads, "read head"),
    counted(writeHeads, "write head"),
  ];
  return `${parts.join(", ")}: ${counted(parameters, "parameter")} in ${counted(variables.length, "tensor")}`;
}

function counted(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
