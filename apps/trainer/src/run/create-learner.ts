import { unroll } from "@dnc/core";
import { supportsCore } from "@dnc/core/engine";
import { wasmEngine, whyUnavailable } from "@dnc/engine-wasm";
import { webGpuEngine } from "@dnc/engine-webgpu";
import * as tf from "@tensorflow/tfjs";
import type { BackendName } from "../backends/select-backend.js";
import type { Settings } from "../flags/train-flags.js";
import { checkSizesForOps, longestBatch } from "../model/sizes.js";
import { UsageError } from "../usage-error.js";
import { FusedLearner } from "./fused-learner.js";
import { type Learner, type LearnerParts, OpsLearner } from "./learner.js";
import { WebGpuLearner } from "./webgpu-learner.js";

/**
 * The learner for a backend: on `cpu` and `webgpu` their fused engines where these cover the core, otherwise TensorFlow.js
 * ops.
 *
 * @throws UsageError if the run needs more memory than it can have.
 */
export function createLearner(settings: Settings, backend: BackendName, parts: LearnerParts): Learner {
  const learner = createFused(settings, backend, parts);
  if (!learner) {
    checkSizesForOps(settings);
    return new OpsLearner(parts, whyNotFused(settings, backend));
  }
  try {
    const [time, batch] = [longestBatch(settings), settings.batch_size];
    learner.reserve(time, batch);
    // Samples and checkpoints run the network too, in memory of its own: better to miss it now than at the end.
    tf.dispose(tf.tidy(() => unroll(parts.core, tf.zeros([time, batch, parts.core.config.inputSize]))));
  } catch (error) {
    learner.dispose();
    if (error instanceof RangeError) throw new UsageError(`too large: ${error.message}`);
    throw error;
  }
  return learner;
}

function createFused(
  { learning_rate: learningRate, optimizer_epsilon: epsilon, threads }: Settings,
  backend: BackendName,
  { core, optimizer, maxGradNorm }: LearnerParts,
): FusedLearner | WebGpuLearner | undefined {
  const options = { optimizer: { type: "rmsprop", learningRate, epsilon }, maxGradNorm } as const;
  if (backend === "cpu" && supportsCore(wasmEngine, core) === true)
    return new FusedLearner(core, optimizer, { ...options, ...(threads === undefined ? {} : { threads }) });
  if (backend === "webgpu" && supportsCore(webGpuEngine, core) === true)
    return new WebGpuLearner(core, optimizer, options);
  return undefined;
}

/** Why ops compute where something faster might; `undefined` where there is nothing faster. */
function whyNotFused({ controller }: Settings, backend: BackendName): string | undefined {
  if (backend !== "cpu" && backend !== "webgpu") return undefined;
  if (controller === "gru") return "the fused kernel does not cover controller gru";
  const unavailable = backend === "cpu" ? whyUnavailable() : undefined;
  return unavailable === undefined ? "the fused kernel covers a stock Dnc alone" : `no fused kernel: ${unavailable}`;
}
