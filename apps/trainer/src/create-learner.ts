import { unroll } from "@dnc/core";
import { isCovered } from "@dnc/engine-wasm";
import * as tf from "@tensorflow/tfjs";
import type { BackendName } from "./backend.js";
import type { Settings } from "./flags.js";
import { FusedLearner } from "./fused-learner.js";
import { type Learner, type LearnerParts, OpsLearner } from "./learner.js";
import { checkSizesForOps, longestBatch } from "./sizes.js";
import { UsageError } from "./usage-error.js";

/**
 * The learner for a backend: on `cpu` the fused engine where it covers the core, otherwise TensorFlow.js ops.
 *
 * @throws UsageError if the run needs more memory than it can have.
 */
export function createLearner(settings: Settings, backend: BackendName, parts: LearnerParts): Learner {
  const { core, optimizer, maxGradNorm } = parts;
  if (backend !== "cpu" || !isCovered(core)) {
    checkSizesForOps(settings);
    return new OpsLearner(parts, backend === "cpu" ? whyNotFused(settings) : undefined);
  }
  const learner = new FusedLearner(core, optimizer, {
    learningRate: settings.learning_rate,
    epsilon: settings.optimizer_epsilon,
    maxGradNorm,
    ...(settings.threads === undefined ? {} : { threads: settings.threads }),
  });
  try {
    const [time, batch] = [longestBatch(settings), settings.batch_size];
    learner.reserve(time, batch);
    // Samples and checkpoints run the network too, in memory of its own: better to miss it now than at the end.
    tf.dispose(tf.tidy(() => unroll(core, tf.zeros([time, batch, core.config.inputSize]))));
  } catch (error) {
    learner.dispose();
    if (error instanceof RangeError) throw new UsageError(`too large: ${error.message}`);
    throw error;
  }
  return learner;
}

function whyNotFused({ controller }: Settings): string {
  return controller === "gru"
    ? "the fused kernel does not cover controller gru"
    : "the fused kernel needs WebAssembly with SIMD";
}
