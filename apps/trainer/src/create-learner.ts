import { isCovered } from "@dnc/engine-wasm";
import type { BackendName } from "./backend.js";
import type { Settings } from "./flags.js";
import { FusedLearner } from "./fused-learner.js";
import { type Learner, type LearnerParts, OpsLearner } from "./learner.js";
import { longestBatch } from "./sizes.js";
import { UsageError } from "./usage-error.js";

/**
 * The learner for a backend: on `cpu` the fused engine where it covers the core, otherwise TensorFlow.js ops.
 *
 * @throws UsageError if the engine cannot have the memory that the run needs.
 */
export function createLearner(settings: Settings, backend: BackendName, parts: LearnerParts): Learner {
  const { core, optimizer, maxGradNorm } = parts;
  if (backend !== "cpu" || !isCovered(core)) return new OpsLearner(parts);
  const learner = new FusedLearner(core, optimizer, {
    learningRate: settings.learning_rate,
    epsilon: settings.optimizer_epsilon,
    maxGradNorm,
    ...(settings.threads === undefined ? {} : { threads: settings.threads }),
  });
  try {
    learner.reserve(longestBatch(settings), settings.batch_size);
  } catch (error) {
    learner.dispose();
    if (error instanceof RangeError) throw new UsageError(`too large: ${error.message}`);
    throw error;
  }
  return learner;
}
