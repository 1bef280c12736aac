import type { NamedVariable } from "@dnc/controller";
import type { CompleteDncConfig } from "./config.js";
import type { CompleteLstmNetworkConfig } from "./lstm-network.js";

/**
 * Describes a network in a line: `lstm 64, memory 16 x 16, 4 read heads, 1 write head: 43980 parameters in 24 tensors`.
 *
 * @param network - a `Dnc` or `LstmNetwork`, or its `config` and `variables`.
 */
export function describeNetwork({
  config,
  variables,
}: {
  readonly config: CompleteDncConfig | CompleteLstmNetworkConfig;
  readonly variables: readonly NamedVariable[];
}): string {
  const { controller, hiddenSize, layers } = config;
  const parameters = variables.reduce((total, { variable }) => total + variable.size, 0);
  const depth = layers === 1 ? "" : ` x ${layers} layers`;
  const parts = [
    typeof controller === "function" ? "custom controller" : `${controller} ${hiddenSize}${depth}`,
    ...(config.memory === false ? ["no memory"] : describeMemory(config)),
  ];
  return `${parts.join(", ")}: ${counted(parameters, "parameter")} in ${counted(variables.length, "tensor")}`;
}

function describeMemory({ memorySize, wordSize, readHeads, writeHeads, memory, access }: CompleteDncConfig): string[] {
  const { masking, deallocation, sharpness, links, initialMemory } = memory;
  const variants = [
    masking && "masking",
    deallocation && "de-allocation",
    sharpness && "sharpness",
    !links && "no links",
    initialMemory !== 0 && (initialMemory === "random" ? "random at first" : `${initialMemory} at first`),
  ];
  return [
    `${access === undefined ? "" : "custom "}memory ${memorySize} x ${wordSize}`,
    counted(readHeads, "read head"),
    counted(writeHeads, "write head"),
    ...variants.filter((variant) => variant !== false),
  ];
}

function counted(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
