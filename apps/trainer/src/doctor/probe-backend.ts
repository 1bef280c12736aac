import type { BackendName } from "@dnc/settings/flags";
import { probeBackend } from "../backends/select-backend.js";
import { firstLine } from "../backends/start-backend.js";
import { selectEngine } from "../engine/select-engine.js";
import { tf } from "../tensorflow.js";
import { type Fact, factsOf } from "./facts.js";
import { type ReferenceSteps, referenceSteps } from "./reference-step.js";

/** Result of probing one backend, as `dnc doctor --json` prints it. */
export interface ProbeResult {
  /** Whether it starts and completes training steps, which may be wrong: compare `steps` with the reference. */
  readonly runs: boolean;
  /** Description of the backend, or the reason why it does not run. */
  readonly what: string;
  /** How to fix it, if it does not run. */
  readonly remedy?: string;
  readonly facts: readonly Fact[];
  /** Whether the CPU emulates the GPU. */
  readonly isSoftware?: boolean;
  readonly engine?: string;
  readonly steps?: ReferenceSteps;
  readonly iterationsPerSecond?: number;
}

/** Target of a probe: a backend as the trainer uses it, or the reference steps. */
export type ProbeTarget = BackendName | "reference";

/** Starts a backend in this process, trains on it, and collects facts about it. */
export async function probeTarget(target: ProbeTarget): Promise<ProbeResult> {
  tf.enableProdMode();
  if (target === "reference") {
    await tf.setBackend("cpu");
    await selectEngine({ requested: "ops" });
    const measured = await referenceSteps({ engine: false, timed: false });
    return { runs: true, what: "TensorFlow.js ops", facts: [], ...measured };
  }
  const probe = await probeBackend(target);
  const facts = factsOf(target);
  if (!probe.works) return { runs: false, what: probe.reason, remedy: probe.fix, facts };
  try {
    if (target === "cpu") await selectEngine({ requested: "auto" });
    const measured = await referenceSteps();
    return { runs: true, what: probe.description, isSoftware: probe.isSoftware === true, facts, ...measured };
  } catch (error) {
    const what = `it fails in a training step: ${firstLine(error)}`;
    return { runs: false, what, remedy: "use --backend cpu", facts };
  }
}
