import type { FoundCheckpoint } from "@dnc/checkpoint/node";
import { formatValue } from "@dnc/report";
import { createRun, loadRun, type Run } from "@dnc/runs";
import { buildRun, type RunConfig, type RunParts, UsageError } from "@dnc/settings";
import type { BackendName } from "@dnc/settings/flags";
import type { Training } from "@dnc/training";
import type { RunPlan } from "../configs.js";
import { recordedEngine, whyOtherBits } from "../engine/recorded-engine.js";
import { type SelectedEngine, selectEngine } from "../engine/select-engine.js";
import { machine } from "../machine.js";
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
  /** Engine of the CPU backend; undefined on another backend. */
  readonly engine: SelectedEngine | undefined;
  close(): Promise<void>;
}

/**
 * Creates a new run, or opens one to resume it at its newest intact checkpoint.
 *
 * @param notice - called with each notice for the user, a sentence.
 * @throws UsageError if the memory is not sufficient, the engine does not work or does not support the run, or the checkpoint is
 *   of another run; RunFolderError if the folder
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
  const engine = await engineFor(plan, saved?.checkpoint, backend, notice);
  if (saved?.checkpoint) checkResume(plan, saved.checkpoint);
  const parts = await buildRun(config, {
    seed,
    restore: saved && ((made) => saved.restore(made)),
    memory: machine.memory,
  });
  try {
    const { network, task, training } = parts;
    checkTrainer(plan, training);
    for (const text of plan.notices) notice(text);
    const { step = 0 } = saved?.checkpoint ?? {};
    const options = {
      ...{ config: plan.record({ seed, backend, step }), network, task, seed, backend, versions: trainerVersions() },
      ...{ reportInterval: config.recording.reportInterval, iterations: config.training.iterations },
      keepCheckpoints: config.recording.keepCheckpoints,
      heldOutSequences: config.training.until === undefined ? undefined : HELD_OUT_SEQUENCES,
      ...{ engine: engine?.name ?? null, instructionSet: engine?.instructionSet ?? null },
    };
    const run = saved
      ? await saved.resume({ ...options, copyTo: to, copyLabel: "--checkpoint_dir", onNotice: notice })
      : await createRun(to, { ...options, label: "--checkpoint_dir" });
    const close = async () => {
      parts.dispose();
      await run.close();
    };
    return { ...parts, config, seed, run, engine, close };
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

/** Selects the engine of the CPU backend: by default that of the checkpoint, because rounding depends on it. */
async function engineFor(
  { engine: requested, threads }: RunPlan,
  checkpoint: FoundCheckpoint | undefined,
  backend: BackendName,
  notice: (text: string) => void,
): Promise<SelectedEngine | undefined> {
  const isSameBackend = checkpoint?.state.backend === backend;
  if (checkpoint && !isSameBackend) {
    notice(
      `the run was on backend ${formatValue(checkpoint.state.backend).replace(/^"(.*)"$/, "$1")}: its numbers continue within tolerance, not to the last bit`,
    );
  }
  if (backend !== "cpu") return undefined;
  const previous = checkpoint && isSameBackend ? recordedEngine(checkpoint.state) : undefined;
  const selected = await selectEngine({ requested, threads, previous });
  const otherBits = previous && whyOtherBits(previous, selected, requested);
  if (otherBits !== undefined) notice(otherBits);
  return selected;
}

/** Throws a UsageError if an engine with a trainer was requested, and does not support the network or the loss. */
function checkTrainer({ engine }: RunPlan, { trainer, description }: Training): void {
  if (engine === "auto" || engine === "ops" || trainer) return;
  throw new UsageError(`--engine: expected auto or ops, got ${engine}: this run trains with ${description}`);
}
