/** Measures what the memory of a network does while it reads patterns and while it answers, from traces. */
import type { Dnc, LstmNetwork, TraceData } from "@dnc/core";
import { type CompleteTask, type MetricName, UsageError } from "@dnc/settings";
import { isEpisodeTask, phasesOf, type Random } from "@dnc/tasks";
import { traceSequence } from "@dnc/training";
import type { Measurement } from "./measurement.js";

/** What a sequence did: its trace, and the phase of each step. */
export interface Traced {
  readonly quantities: TraceData["quantities"];
  readonly phases: readonly string[];
}

const METRIC_OF = {
  "allocation gate contrast": (traced: Traced) => contrast(traced, allocationGates(traced), "bits", "output"),
  "freed slots contrast": (traced: Traced) => contrast(traced, freedSlots(traced), "output", "bits"),
  "slots per pattern": slotsPerPattern,
} as const;

/** A metric of the memory. */
export type MemoryMetric = keyof typeof METRIC_OF;

/** Whether a metric is one of the memory. */
export function isMemoryMetric(metric: MetricName): metric is MemoryMetric {
  return metric in METRIC_OF;
}

/** Computes a metric of one sequence, of a trace with a batch of one. */
export function memoryMetric(metric: MemoryMetric, traced: Traced): number {
  return METRIC_OF[metric](traced);
}

/** How a memory is measured. */
export interface MeasureMemoryOptions {
  readonly metric: MemoryMetric;
  readonly sequences: number;
  /** Generator of the sequences. */
  readonly random: Random;
  /** Called after each sequence with the number of sequences so far. */
  readonly onSequence: (done: number) => void;
}

/**
 * Traces a network on new sequences of patterns that are read and then answered. The metrics are means over sequences:
 *
 * - allocation gate contrast: the mean allocation gate while patterns are read, less that during answers.
 * - freed slots contrast: the slots whose usage a step of an answer frees, less those that a step of a pattern frees.
 * - slots per pattern: the different slots to which most is written at the steps of a pattern.
 *
 * @throws UsageError if the network has no memory, or the task does not name the phases `bits` and `output`.
 */
export async function measureMemory(
  network: Dnc | LstmNetwork,
  task: CompleteTask,
  { metric, sequences, random, onSequence }: MeasureMemoryOptions,
): Promise<Measurement> {
  if (isEpisodeTask(task))
    throw new UsageError(`--preset: expected a task that reads patterns and answers, got ${task.name}`);
  const values: number[] = [];
  while (values.length < sequences) {
    const batch = task.sampleBatch(random, { batchSize: 1 });
    const phases = phasesOf(task, batch);
    if (!phases?.includes("bits") || !phases.includes("output"))
      throw new UsageError(`--preset: expected a task that reads patterns and answers, got ${task.name}`);
    if (!("config" in network && "memorySize" in network.config))
      throw new UsageError("--preset: expected a network with a memory, whose use is graded");
    const { quantities } = await traceSequence(network as Dnc, batch, task);
    values.push(memoryMetric(metric, { quantities, phases }));
    onSequence(values.length);
  }
  const value = mean(values);
  const squares = values.reduce((sum, each) => sum + (each - value) ** 2, 0);
  return { value, error: Math.sqrt(squares / (values.length - 1) / values.length), sequences };
}

/** The mean over the steps of one phase, less that over another. */
function contrast({ phases }: Traced, values: readonly number[], high: string, low: string): number {
  const meanOf = (phase: string) => mean(values.filter((_, step) => phases[step] === phase));
  return meanOf(high) - meanOf(low);
}

/** The allocation gate at each step, the mean of the write heads. */
function allocationGates({ quantities }: Traced): readonly number[] {
  return rowsOf(quantities, "allocationGate").map(mean);
}

/** The usage that each step frees, in slots: that after the write of the step before, where a head read and its gate is open. */
function freedSlots({ quantities }: Traced): readonly number[] {
  const [usage, writes, reads, gates] = ["usage", "writeWeights", "readWeights", "freeGate"].map((name) =>
    rowsOf(quantities, name),
  ) as [Rows, Rows, Rows, Rows];
  return gates.map((open, step) => {
    if (step === 0) return 0;
    const [before, written, read] = [usage[step - 1], writes[step - 1], reads[step - 1]] as [Row, Row, Row];
    return before.reduce((freed, used, slot) => {
      const kept = product(before.length, written, slot, (weight) => 1 - weight);
      const retained = product(before.length, read, slot, (weight, head) => 1 - (open[head] as number) * weight);
      return freed + (1 - (1 - used) * kept) * (1 - retained);
    }, 0);
  });
}

/** Multiplies something of the weights of all heads on a slot. */
function product(slots: number, weights: Row, slot: number, factor: (weight: number, head: number) => number): number {
  let result = 1;
  for (let head = 0; head * slots < weights.length; head++)
    result *= factor(weights[head * slots + slot] as number, head);
  return result;
}

/** Counts the slots that the steps of a pattern write to, the mean over patterns. */
function slotsPerPattern({ quantities, phases }: Traced): number {
  const writes = rowsOf(quantities, "writeWeights");
  const patterns: Set<number>[] = [];
  phases.forEach((phase, step) => {
    if (phase !== "bits") return;
    if (phases[step - 1] !== "bits") patterns.push(new Set());
    const row = writes[step] as Row;
    patterns.at(-1)?.add(row.indexOf(Math.max(...row)));
  });
  return mean(patterns.map(({ size }) => size));
}

type Row = readonly number[];
type Rows = readonly Row[];

/** The numbers of a quantity at each step of the one sequence of a trace. */
function rowsOf(quantities: TraceData["quantities"], name: string): Rows {
  const { shape, data } = quantities[name] as TraceData["quantities"][string];
  const [steps = 0] = shape;
  const size = data.length / steps;
  return Array.from({ length: steps }, (_, step) => data.slice(step * size, (step + 1) * size));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
