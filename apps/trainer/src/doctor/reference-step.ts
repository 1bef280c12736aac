import { Dnc } from "@dnc/core";
import { createRandom, repeatCopy } from "@dnc/tasks";
import { RmsProp, type TrainingReport, train } from "@dnc/training";

/** Seed of the default network and of its batches. */
const SEED = 1;
/** Number of iterations: the loss of the second depends on the update of the first. */
const ITERATIONS = 2;
/** Time for which iterations are counted; a slow backend runs one. */
const TIMED_MS = 500;
/** Number of iterations between reads of results while timing. */
const TIMED_REPORT_INTERVAL = 10;

/** Relative tolerances, for differences in the order of summation in float32. */
const TOLERANCE = { loss: 1e-5, globalNorm: 1e-4 };

/** Losses and norms of the first iterations of a known run. */
export type ReferenceSteps = readonly { readonly loss: number; readonly globalNorm: number }[];

/**
 * Trains the default network on repeat copy for the first iterations of a known run, on the current backend.
 *
 * @param options - `engine`: whether to use an engine if one supports the network, default: true; `timed`: whether to
 *   measure the speed, default: true.
 * @returns the engine, the losses and norms, and the speed of further iterations.
 */
export async function referenceSteps({ engine = true, timed: isTimed = true } = {}): Promise<{
  engine: string;
  steps: ReferenceSteps;
  iterationsPerSecond?: number;
}> {
  const task = repeatCopy();
  const network = new Dnc({ inputSize: task.inputSize, outputSize: task.targetSize, seed: SEED });
  const optimizer = new RmsProp(network.variables);
  const options = { network, task, optimizer, engine, random: createRandom(SEED) };
  const reports: TrainingReport[] = [];
  const onReport = (report: TrainingReport) => void reports.push(report);
  let began = Number.NaN;
  const elapsed = () => performance.now() - began;
  const signal = {
    get aborted() {
      // The clock starts at the first call, once everything is ready.
      if (Number.isNaN(began)) began = performance.now();
      return elapsed() > TIMED_MS;
    },
  };
  try {
    const first = await train({ ...options, iterations: ITERATIONS, reportInterval: 1, onReport });
    const steps = reports.map(({ loss, gradientNorm }) => ({ loss, globalNorm: gradientNorm }));
    if (!isTimed) return { engine: first.engine, steps };
    // Frequent reads: otherwise an asynchronous engine queues iterations that take minutes to complete.
    const endless = { iterations: Number.MAX_SAFE_INTEGER, reportInterval: TIMED_REPORT_INTERVAL };
    const timed = await train({ ...options, ...endless, state: first.state, signal });
    return {
      engine: first.engine,
      steps,
      iterationsPerSecond: (timed.step - ITERATIONS) / (elapsed() / 1000),
    };
  } finally {
    optimizer.dispose();
    network.dispose();
  }
}

/**
 * Compares two runs of the reference steps.
 *
 * @returns `same`: whether they agree within the tolerances; `apart`: the largest relative difference of a loss.
 */
export function compareSteps(found: ReferenceSteps, reference: ReferenceSteps): { same: boolean; apart: number } {
  const maxDifference = (name: keyof typeof TOLERANCE) =>
    Math.max(...reference.map((step, index) => Math.abs((found[index]?.[name] ?? Number.NaN) / step[name] - 1)));
  const [loss, globalNorm] = [maxDifference("loss"), maxDifference("globalNorm")];
  return { same: loss <= TOLERANCE.loss && globalNorm <= TOLERANCE.globalNorm, apart: loss };
}
