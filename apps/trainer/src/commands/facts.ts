import { describeNetwork } from "@dnc/core";
import { visibleLine } from "@dnc/report";
import { createTask, type ModelConfig, type RunConfig } from "@dnc/settings";
import { labelled } from "../terminal/format.js";
import { styleFor } from "../terminal/style.js";
import type { OpenNetwork } from "./open-network.js";
import { type NetworkSource, sourceFact } from "./pretrained.js";

/** Facts for people, each with a label and a text. */
export type Facts = readonly (readonly [label: string, text: string])[];

/**
 * Formats lines of a label and a text for standard output, with control characters escaped; two empty texts give an empty line.
 */
export function factLines(facts: Facts): string {
  const escaped = facts.map(([label, text]) => [visibleLine(label), visibleLine(text)] as const);
  const lines = labelled(escaped, styleFor(process.stdout));
  return lines.map((line, index) => (facts[index].join("") === "" ? "\n" : `${line}\n`)).join("");
}

/** Describes run or pretrained network, task, network and backend, and where they differ from the training. */
export async function networkFacts(
  source: NetworkSource,
  { network, task, checkpoint, backend }: OpenNetwork,
  config: ModelConfig,
  trained: RunConfig,
): Promise<Facts> {
  const [{ description: sequences }, { description: trainedOn }] = [task, await createTask(trained.task)];
  const [slots, trainedWith] = [config, trained].map((each) => each.network.memorySize);
  const otherTask = sequences === trainedOn ? "" : ` (trained on ${trainedOn.replace(/^\d+ bits?, /, "")})`;
  const otherMemory = slots === trainedWith ? "" : ` (trained with ${trainedWith} slots)`;
  return [
    sourceFact(source, `step ${checkpoint.step} of ${trained.training.iterations}`),
    ["task", `${task.name}: ${sequences}${otherTask}`],
    ["model", `${describeNetwork(network)}${otherMemory}`],
    ["backend", `${backend.name}: ${backend.reason}`],
  ];
}
