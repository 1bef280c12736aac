import { describeNetwork } from "@dnc/core";
import { visibleLine } from "@dnc/report";
import type { ModelConfig, RunConfig } from "../configs.js";
import { createTask } from "../model/create-network.js";
import { labelled } from "../terminal/format.js";
import { styleFor } from "../terminal/style.js";
import type { OpenNetwork } from "./open-network.js";

/**
 * Formats lines of a label and a text for standard output, with control characters escaped; two empty texts give an empty line.
 */
export function factLines(facts: readonly (readonly [label: string, text: string])[]): string {
  const escaped = facts.map(([label, text]) => [visibleLine(label), visibleLine(text)] as const);
  const lines = labelled(escaped, styleFor(process.stdout));
  return lines.map((line, index) => (facts[index].join("") === "" ? "\n" : `${line}\n`)).join("");
}

/** Describes run, task, network and backend, and where they differ from the training. */
export function networkFacts(
  run: string,
  { network, checkpoint, backend }: OpenNetwork,
  config: ModelConfig,
  trained: RunConfig,
): (readonly [label: string, text: string])[] {
  const [sequences, trainedOn] = [config, trained].map(({ task }) => createTask(task).description);
  const [slots, trainedWith] = [config, trained].map((each) => each.network.memorySize);
  const otherTask = sequences === trainedOn ? "" : ` (trained on ${trainedOn.replace(/^\d+ bits?, /, "")})`;
  const otherMemory = slots === trainedWith ? "" : ` (trained with ${trainedWith} slots)`;
  return [
    ["run", `${run}, step ${checkpoint.step} of ${trained.training.iterations}`],
    ["task", `${config.task.name}: ${sequences}${otherTask}`],
    ["model", `${describeNetwork(network)}${otherMemory}`],
    ["backend", `${backend.name}: ${backend.reason}`],
  ];
}
