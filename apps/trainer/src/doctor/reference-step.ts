import { createRandom } from "@dnc/tasks";
import { RmsProp } from "@dnc/training";
import { resolveSettings } from "../flags/settings.js";
import { createCore, createTask } from "../model/model.js";
import type { LearnedStep, Learner, LearnerParts } from "../run/learner.js";

/** Of the network, which is the default one, and of its batches. */
const SEED = 1;
/** The second iteration's loss shows what the first one did to the weights. */
const ITERATIONS = 2;
/** Seconds for which iterations are timed; a slow backend does one. */
const TIMED_SECONDS = 1;

/** Two numbers count as the same up to these shares: what float32 leaves of different orders of summation. */
const TOLERANCE = { loss: 1e-5, globalNorm: 1e-4 };

/** What the first iterations of a known run find. */
export type ReferenceSteps = readonly Pick<LearnedStep, "loss" | "globalNorm">[];

/**
 * Trains the default network on repeat copy for the first iterations of a known run, on the backend that is set.
 *
 * @returns what they found, and how many iterations a second follow.
 */
export async function referenceSteps(
  makeLearner: (parts: LearnerParts) => Learner,
): Promise<{ engine: string; steps: ReferenceSteps; iterationsPerSecond: number }> {
  const settings = resolveSettings({});
  const task = createTask(settings);
  const core = createCore(settings, task, SEED);
  const optimizer = new RmsProp(core.variables);
  const learner = makeLearner({ core, task, optimizer, maxGradNorm: settings.max_grad_norm });
  const random = createRandom(SEED);
  const iterate = () => learner.step(task.sampleBatch(random));
  try {
    const steps: LearnedStep[] = [];
    for (let index = 0; index < ITERATIONS; index++) steps.push(...(await iterate()));
    steps.push(...(await learner.results()));
    return {
      engine: learner.what,
      steps: steps.map(({ loss, globalNorm }) => ({ loss, globalNorm })),
      iterationsPerSecond: await timed(iterate, () => learner.results()),
    };
  } finally {
    learner.dispose();
    optimizer.dispose();
    core.dispose();
  }
}

async function timed(iterate: () => Promise<unknown>, results: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  let iterations = 0;
  // So many between two looks at the clock that a learner which runs ahead is not held up by them.
  for (let chunk = 1; seconds() < TIMED_SECONDS; chunk = Math.min(2 * chunk, 128)) {
    for (let index = 0; index < chunk; index++) await iterate();
    await results();
    iterations += chunk;
  }
  return iterations / seconds();
}

/**
 * How far apart two runs of the reference steps are.
 *
 * @returns `same`: whether within float32's tolerance; `apart`: the largest relative difference of a loss.
 */
export function compareSteps(found: ReferenceSteps, reference: ReferenceSteps): { same: boolean; apart: number } {
  const apart = (name: keyof typeof TOLERANCE) =>
    Math.max(...reference.map((step, index) => Math.abs((found[index]?.[name] ?? Number.NaN) / step[name] - 1)));
  const [loss, globalNorm] = [apart("loss"), apart("globalNorm")];
  return { same: loss <= TOLERANCE.loss && globalNorm <= TOLERANCE.globalNorm, apart: loss };
}
