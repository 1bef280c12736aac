import { Dnc } from "@dnc/core";
import { createRandom, repeatCopy } from "@dnc/tasks";
import { RmsProp, type TrainingReport, train } from "@dnc/training";

/** Of the network, which is the default one, and of its batches. */
const SEED = 1;
/** The second iteration's loss depends on what the first one did to the weights. */
const ITERATIONS = 2;
/** Iterations are timed for this long; a slow backend does one. */
const TIMED_MS = 1000;
/** Results are read that often meanwhile. */
const TIMED_REPORT_INTERVAL = 10;

/** Relative tolerance: what float32 leaves of different orders of summation. */
const TOLERANCE = { loss: 1e-5, globalNorm: 1e-4 };

/** What the first iterations of a known run compute. */
export type ReferenceSteps = readonly { readonly loss: number; readonly globalNorm: number }[];

/**
 * Trains the default network on repeat copy for the first iterations of a known run, on the current backend.
 *
 * @param options - `engine`: whether an engine may train; default: true.
 * @returns losses and norms, and how many iterations per second follow.
 */
export async function referenceSteps({ engine = true } = {}): Promise<{
  engine: string;
  steps: ReferenceSteps;
  iterationsPerSecond: number;
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
      // Asked for the first time once everything is ready.
      if (Number.isNaN(began)) began = performance.now();
      return elapsed() > TIMED_MS;
    },
  };
  try {
    const first = await train({ ...options, iterations: ITERATIONS, reportInterval: 1, onReport });
    // An engine that runs ahead would have a second's worth of iterations queued, which may take minutes.
    const endless = { iterations: Number.MAX_SAFE_INTEGER, reportInterval: TIMED_REPORT_INTERVAL };
    const timed = await train({ ...options, ...endless, state: first.state, signal });
    return {
      engine: first.engine,
      steps: reports.map(({ loss, gradientNorm }) => ({ loss, globalNorm: gradientNorm })),
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
 * @returns `same`: whether within float32's tolerance; `apart`: the largest relative difference of a loss.
 */
export function compareSteps(found: ReferenceSteps, reference: ReferenceSteps): { same: boolean; apart: number } {
  const apart = (name: keyof typeof TOLERANCE) =>
    Math.max(...reference.map((step, index) => Math.abs((found[index]?.[name] ?? Number.NaN) / step[name] - 1)));
  const [loss, globalNorm] = [apart("loss"), apart("globalNorm")];
  return { same: loss <= TOLERANCE.loss && globalNorm <= TOLERANCE.globalNorm, apart: loss };
}
