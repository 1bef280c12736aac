import type { Dnc, LstmNetwork } from "@dnc/core";
import { joinSteps, type SequenceTrace } from "@dnc/report";
import { type CompleteTask, withSizeErrors } from "@dnc/settings";
import { graphStepLabels, phasesOf } from "@dnc/tasks";
import { traceSequence } from "@dnc/training";
import { evaluationRandom } from "../model/evaluation.js";
import { sequenceOf } from "../model/sequence-of.js";

/**
 * Traces one new sequence through a network, as a page shows it.
 *
 * @param task - a task that samples one sequence at a time.
 * @param seed - fixes the sequence.
 * @returns undefined if the network has no memory, of which a page draws the trace.
 * @throws UsageError if the trace does not fit into memory.
 */
export async function sequenceTrace(
  network: Dnc | LstmNetwork,
  task: CompleteTask,
  seed: number,
): Promise<SequenceTrace | undefined> {
  if (network.config.memory === false) return undefined;
  const { batch, reading } = await sequenceOf(network, task, evaluationRandom(seed));
  const phases = phasesOf(task, batch);
  return {
    data: await withSizeErrors(() => traceSequence(network, batch, reading)),
    description: task.description,
    labels: task.channelLabels(),
    stepLabels: "readGraph" in task && task.readGraph ? graphStepLabels(task.readGraph(batch), batch) : undefined,
    phases: phases && joinSteps(phases),
    outputs: reading.loss === "squared" ? "numbers" : "probabilities",
  };
}
