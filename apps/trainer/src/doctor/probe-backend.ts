import * as tf from "@tensorflow/tfjs";
import { type BackendName, tryBackend } from "../backends/select-backend.js";
import { resolveSettings } from "../flags/settings.js";
import { createLearner } from "../run/create-learner.js";
import { OpsLearner } from "../run/learner.js";
import { type Fact, factsOf } from "./facts.js";
import { type ReferenceSteps, referenceSteps } from "./reference-step.js";

/** What was found of one backend. */
export interface Examination {
  /** Whether it starts and gets through training steps; `steps` tells whether they are right. */
  readonly runs: boolean;
  /** What computes; why it does not run. */
  readonly what: string;
  /** What mends it, if it does not run. */
  readonly remedy?: string;
  readonly facts: readonly Fact[];
  /** The processor plays the GPU. */
  readonly isSoftware?: boolean;
  readonly engine?: string;
  readonly steps?: ReferenceSteps;
  readonly iterationsPerSecond?: number;
}

/** Who is examined: a backend as the trainer uses it, or the steps that all are compared with. */
export type Examined = BackendName | "reference";

/** Starts a backend in this process, trains on it, and says what there is. */
export async function examine(examined: Examined): Promise<Examination> {
  tf.enableProdMode();
  if (examined === "reference") {
    await tf.setBackend("cpu");
    return {
      runs: true,
      what: "TensorFlow.js ops",
      facts: [],
      ...(await referenceSteps((parts) => new OpsLearner(parts))),
    };
  }
  const attempt = await tryBackend(examined);
  const facts = factsOf(examined);
  if (!attempt.works) return { runs: false, what: attempt.why, remedy: attempt.remedy, facts };
  try {
    const measured = await referenceSteps((parts) => createLearner(resolveSettings({}), examined, parts));
    return { runs: true, what: attempt.what, isSoftware: attempt.isSoftware === true, facts, ...measured };
  } catch (error) {
    const [message] = String((error as Error).message ?? error).split("\n");
    return { runs: false, what: `it fails in a training step: ${message}`, remedy: "use --backend cpu", facts };
  }
}
