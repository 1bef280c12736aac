import type { FoundCheckpoint } from "@dnc/checkpoint/node";
import { availableInstructionSets, configureEngine, type EngineOptions, WasmTrainer } from "@dnc/engine-wasm";
import { formatValue, visibleLine } from "@dnc/report";
import { createRun, loadRun, type Run } from "@dnc/runs";
import type { BackendName } from "../backends/probe.js";
import type { RunConfig, RunPlan } from "../configs.js";
import { UsageError } from "../usage-error.js";
import { buildRun, type RunParts } from "./build-run.js";
import { trainerVersions } from "./versions.js";

/** Seeds that are drawn are below it. */
const SEEDS = 2 ** 31;

/** Everything that a run computes with and writes to. */
export interface Session extends RunParts {
  readonly config: RunConfig;
  readonly seed: number;
  readonly run: Run;
  close(): Promise<void>;
}

/**
 * Creates everything for a run, at its beginning or as in its newest intact checkpoint.
 *
 * @param notice - called with what the user should know, a sentence each.
 * @throws UsageError if the memory does not suffice, or the checkpoint is of another run; RunFolderError if the folder cannot
 *   be used, or a checkpoint does not fit.
 */
export async function openSession(
  plan: RunPlan,
  backend: BackendName,
  notice: (text: string) => void,
): Promise<Session> {
  const { from, to, config } = plan;
  const seed = config.seed ?? Math.floor(Math.random() * SEEDS);
  // Everything is read before anything is changed, even by taking the lock.
  const saved = from && (await loadRun(from.path, from));
  configureEngine(engineOptions(plan.threads, saved?.checkpoint, backend, notice));
  if (saved?.checkpoint) checkResume(plan, saved.checkpoint);
  const parts = await buildRun(config, { seed, saved });
  try {
    const { network, task, training } = parts;
    const options = {
      ...{ config: plan.record({ seed, backend }), network, task, seed, backend, versions: trainerVersions() },
      ...{ reportInterval: config.recording.reportInterval, iterations: config.training.iterations },
      keepCheckpoints: config.recording.keepCheckpoints,
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

/** Throws a UsageError if the checkpoint is of another run, or has more iterations than are planned. */
function checkResume({ config, checkSameRun }: RunPlan, { path, state }: FoundCheckpoint): void {
  checkSameRun(path, state.config ?? {});
  const { iterations } = config.training;
  if (iterations >= state.step) return;
  throw new UsageError(
    `--num_training_iterations: expected at least ${state.step}, which the run has done, got ${iterations}`,
  );
}

/** The options with which the engine computes as before: its last bits depend on the instructions. */
function engineOptions(
  threads: number | undefined,
  checkpoint: FoundCheckpoint | undefined,
  backend: BackendName,
  notice: (text: string) => void,
): EngineOptions {
  const options = threads === undefined ? {} : { threads };
  if (!checkpoint) return options;
  const { backend: before, instruction_set: instructions } = checkpoint.state;
  if (before !== backend) {
    notice(
      `the run was on backend ${formatValue(before).replace(/^"(.*)"$/, "$1")}: its numbers continue within tolerance, not to the last bit`,
    );
    return options;
  }
  if (typeof instructions !== "string") return options;
  const instructionSet = availableInstructionSets().find((each) => each === instructions);
  if (instructionSet) return { ...options, instructionSet };
  notice(
    `this machine has no ${visibleLine(instructions)}: the run's numbers continue within tolerance, not to the last bit`,
  );
  return options;
}
