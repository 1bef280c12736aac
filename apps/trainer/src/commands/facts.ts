import { describeNetwork } from "@dnc/core";
import { visibleLine } from "@dnc/report";
import type { ModelConfig, RunConfig } from "../configs.js";
import { createTask } from "../model/create-network.js";
import type { OpenNetwork } from "./open-network.js";

/** A label and a text each, labels as wide as the widest. */
export function factLines(facts: readonly (readonly [label: string, text: string])[]): string {
  const width = Math.max(...facts.map(([label]) => label.length));
  return facts
    .map(([label, text]) => (label === "" && text === "" ? "\n" : `${label.padEnd(width)}  ${visibleLine(text)}\n`))
    .join("");
}

/** Which weights compute on what, and where that differs from the training. */
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
