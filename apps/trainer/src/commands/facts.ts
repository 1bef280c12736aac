import type { Settings } from "../flags/train-flags.js";
import { describeModel, describeSequences } from "../model/model.js";
import { visibleLine } from "../terminal/visible.js";
import type { OpenNetwork } from "./open-network.js";

/** A label and a text each, labels as wide as the widest. */
export function factLines(facts: readonly (readonly [label: string, text: string])[]): string {
  const width = Math.max(...facts.map(([label]) => label.length));
  return facts
    .map(([label, text]) => (label === "" && text === "" ? "\n" : `${label.padEnd(width)}  ${visibleLine(text)}\n`))
    .join("");
}

/** What computes with which weights on what, and where that differs from the training. */
export function networkFacts(
  run: string,
  { core, checkpoint, backend }: OpenNetwork,
  settings: Settings,
  trained: Settings,
): (readonly [label: string, text: string])[] {
  return [
    ["run", `${run}, step ${checkpoint.step} of ${trained.num_training_iterations}`],
    ["task", `${describeSequences(settings)}${trainedOn(describeSequences(settings), describeSequences(trained))}`],
    ["model", `${describeModel(settings, core)}${trainedWith(settings.memory_size, trained.memory_size)}`],
    ["backend", `${backend.name}: ${backend.why}`],
  ];
}

function trainedOn(now: string, then: string): string {
  return now === then ? "" : ` (trained on ${then.replace(/^.*? bits?, /, "")})`;
}

function trainedWith(now: number, then: number): string {
  return now === then ? "" : ` (trained with ${then} slots)`;
}
