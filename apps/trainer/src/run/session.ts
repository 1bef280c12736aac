import type { FoundCheckpoint } from "@dnc/checkpoint/node";
import { availableInstructionSets, configureEngine, type EngineOptions, WasmTrainer } from "@dnc/engine-wasm";
import { formatValue, visibleLine } from "@dnc/report";
import { createRun, loadRun, type Run } from "@dnc/runs";
import type { BackendName } from "../backends/probe.js";
import type { RunConfig, RunPlan } from "../configs.js";
import { UsageError } from "../usage-error.js";
import { buildRun, type RunParts } from "./build-run.js";
import { trainerVersions } from "./versions.js";

/** Number of seeds to draw from. */
const SEED_COUNT = 2 ** 31;

/** Number of held-out sequences on which `until` is measured. */
const HELD_OUT_SEQUENCES = 256;

/** A run in this process: its parts, its configuration and its folder. */
export interface Session extends RunParts {
  readonly config: RunConfig;
  readonly seed: number;
  readonly run: Run;
  close(): Promise<void>;
}

/**
 * Creates a new run, or opens one to resume it at its newest intact checkpoint.
 *
 * @param notice - called with each notice for the user, a sentence.
 * @throws UsageError if the memory is not sufficient, or the checkpoint is of another run; RunFolderError if the folder
 *   cannot be used, or a checkpoint does not fit.
 */
export async function openSession(
  plan: RunPlan,
  backend: BackendName,
  notice: (text: string) => void,
): Promise<Session> {
  const { from, to, config } = plan;
  const seed = config.seed ?? Math.floor(Math.random() * SEED_COUNT);
  // Reads everything before changing anything, even before locking the folder.
  const saved = from && (await loadRun(from.path, from));
  configureEngine(engineOptions(plan.threads, saved?.checkpoint, backend, notice));
  if (saved?.checkpoint) checkResume(plan, saved.checkpoint);
  const parts = await buildRun(config, { seed, saved });
  try {
    const { network, task, training } = parts;
    for (const text of plan.notices) notice(text);
    const { step = 0 } = saved?.checkpoint ?? {};
    const options = {
      ...{ config: plan.record({ seed, backend, step }), network, task, seed, backend, versions: trainerVersions() },
      ...{ reportInterval: config.recording.reportInterval, iterations: config.training.iterations },
      keepCheckpoints: config.recording.keepCheckpoints,
      heldOutSequences: config.training.until === undefined ? undefined : HELD_OUT_SEQUENCES,
      instructionSet: training.trainer instanceof WasmTrainer ? training.trainer.instructionSet : null,
    };
    const run = saved
      ? await saved.resume({ ...options, copyTo: to, copyLabel: "--checkpoint_dir", onNotice: notice })
      : await createRun(to, { ...options, label: "--checkpoint_dir" });
    const close = async () => {
      parts.dispose();
      await run.close();
    };
    return { ...parts, config, seed, run, close };
  } catch (error) {
    parts.dispose();
    throw error;
  }
}

/** Throws a UsageError if the checkpoint is of another run, or has more iterations than are requested. */
function checkResume({ config, checkSameRun }: RunPlan, { path, state }: FoundCheckpoint): void {
  checkSameRun(path, { config: state.config ?? {}, step: state.step });
  const { iterations } = config.training;
  if (iterations >= state.step) return;
  throw new UsageError(
    `--num_training_iterations: expected at least ${state.step}, which the run has done, got ${iterations}`,
  );
}

/** Selects the instruction set of the checkpoint, if this machine has it: rounding depends on it. */
function engineOptions(
  threads: number | undefined,
  checkpoint: FoundCheckpoint | undefined,
  backend: BackendName,
  notice: (text: string) => void,
): EngineOptions {
  const options = threads === undefined ? {} : { threads };
  if (!checkpoint) return options;
  const { backend: previousBackend, instruction_set: previousSet } = checkpoint.state;
  if (previousBackend !== backend) {
    notice(
      `the run was on backend ${formatValue(previousBackend).replace(/^"(.*)"$/, "$1")}: its numbers continue within tolerance, not to the last bit`,
    );
    return options;
  }
  if (typeof previousSet !== "string") return options;
  const instructionSet = availableInstructionSets().find((each) => each === previousSet);
  if (instructionSet) return { ...options, instructionSet };
  notice(
    `this machine has no ${visibleLine(previousSet)}: the run's numbers continue within tolerance, not to the last bit`,
  );
  return options;
}
