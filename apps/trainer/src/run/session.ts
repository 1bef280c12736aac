import { join } from "node:path";
import { type DamagedCheckpointError, UnreadableCheckpointError } from "@dnc/checkpoint";
import { type FoundCheckpoint, findCheckpoint } from "@dnc/checkpoint/node";
import { availableInstructionSets, configureEngine, type EngineOptions, WasmTrainer } from "@dnc/engine-wasm";
import type { BackendName } from "../backends/probe.js";
import type { RunConfig, RunPlan } from "../configs.js";
import { formatValue } from "../terminal/format-value.js";
import type { ReportRecord } from "../terminal/reporter.js";
import { visibleLine } from "../terminal/visible.js";
import { UsageError } from "../usage-error.js";
import { buildRun, type RunParts } from "./build-run.js";
import type { SavedCheckpoint } from "./checkpoint-writer.js";
import { EventFile } from "./event-file.js";
import { Recorder } from "./recorder.js";
import type { RunIdentity } from "./resume-state.js";
import { defaultRunFolder, RunFolder } from "./run-folder.js";
import { checkpointsOf } from "./run-parts.js";
import { checkRecords } from "./run-records.js";
import { RunWriteError } from "./run-write-error.js";

/** Seeds that are drawn are below it. */
const SEEDS = 2 ** 31;

/** Everything that a run computes with and writes to. */
export interface Session extends RunParts {
  readonly config: RunConfig;
  readonly folder: RunFolder;
  readonly recorder: Recorder;
  readonly identity: RunIdentity;
  readonly previous?: { readonly firstReport: ReportRecord | undefined; readonly saved: SavedCheckpoint };
  close(): Promise<void>;
}

/**
 * Creates everything for a run, at its beginning or as in its newest intact checkpoint.
 *
 * @param notice - called with what the user should know, a sentence each.
 * @throws UsageError if the memory does not suffice, the folder cannot be used, or a checkpoint does not fit.
 */
export async function openSession(
  plan: RunPlan,
  backend: BackendName,
  notice: (text: string) => void,
): Promise<Session> {
  const { from, config } = plan;
  const seed = config.seed ?? Math.floor(Math.random() * SEEDS);
  let folder: RunFolder | undefined;
  let parts: RunParts | undefined;
  let events: EventFile | undefined;
  const close = async () => {
    parts?.dispose();
    // A full disk has been reported by now, or is not the run's.
    await events?.close().catch(() => {});
    folder?.close();
  };
  try {
    // Everything is read before anything is changed, even by taking the lock.
    const notices: string[] = [];
    const checkpoint = from && (await checkpointToResume(from, (text) => notices.push(text)));
    configureEngine(engineOptions(plan.threads, checkpoint, backend, notice));
    if (checkpoint) checkResume(plan, checkpoint);
    parts = await buildRun(config, { seed, checkpoint });
    const record = plan.record({ seed, backend });
    folder = await openFolder(plan, { seed, record, checkpoint });
    for (const text of notices) notice(text);
    if (from) await folder.setConfig(record);
    const { reported } = parts.resumeState;
    const firstReport = from && (await folder.truncateAfter(reported));
    events = await createEvents(folder, reported);
    const instructions = parts.training.trainer instanceof WasmTrainer ? parts.training.trainer.instructionSet : null;
    const saved = checkpoint && { step: checkpoint.step, path: join(folder.checkpoints, checkpoint.name) };
    return {
      ...parts,
      ...{ config, folder, recorder: new Recorder(folder, events) },
      identity: { seed, config: record, backend, instruction_set: instructions },
      ...(saved && { previous: { firstReport, saved } }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens the run's folder, or creates or copies one. */
async function openFolder(
  { config, from, to }: RunPlan,
  { seed, record, checkpoint }: { seed: number; record: object; checkpoint: FoundCheckpoint | undefined },
): Promise<RunFolder> {
  if (from === undefined || to === undefined)
    return to === undefined
      ? RunFolder.createNew(defaultRunFolder(config.task.name, seed), record)
      : RunFolder.create(to, record);
  // Nobody else may have continued what was read.
  const check = async (path: string) => {
    if ((await findLatestCheckpoint(path, () => {}))?.step === checkpoint?.step) return;
    throw new UsageError(`${from.path}: another process has written there meanwhile; nothing was changed, try again`);
  };
  if (from.path !== to) return RunFolder.copy(from.path, to, check);
  const folder = await RunFolder.open(to, from.label);
  try {
    await check(to);
  } catch (error) {
    folder.close();
    throw error;
  }
  return folder;
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

async function createEvents(folder: RunFolder, step: number): Promise<EventFile> {
  try {
    return await EventFile.create(folder.path, { step });
  } catch (error) {
    throw new RunWriteError(`the event file in ${folder.path}`, error);
  }
}

/** The checkpoint to resume; undefined if the run was ended before there was one, which must agree with its records. */
async function checkpointToResume(
  { path: run, checkpointInterval: interval }: NonNullable<RunPlan["from"]>,
  notice: (text: string) => void,
): Promise<FoundCheckpoint | undefined> {
  const reported = await checkRecords(run);
  const found = await findLatestCheckpoint(run, notice);
  // The second is not begun before the first is on the disk.
  if (found || interval <= 0 || reported <= 2 * interval) return found;
  throw new UsageError(
    `${run}: expected checkpoints, as it has reported iteration ${reported} and saves every ${interval}, got none in ` +
      `${checkpointsOf(run)}; nothing was changed there`,
  );
}

async function findLatestCheckpoint(run: string, notice: (text: string) => void): Promise<FoundCheckpoint | undefined> {
  const damaged: DamagedCheckpointError[] = [];
  const found = await findCheckpoint(checkpointsOf(run), "latest", { onDamaged: (error) => damaged.push(error) }).catch(
    (error) => {
      if (!(error instanceof UnreadableCheckpointError) && error.syscall === undefined) throw error;
      const place = error.message.startsWith(run) ? "" : `${run}: `;
      throw new UsageError(`${place}${error.message}; nothing was changed there`);
    },
  );
  if (!found && damaged.length > 0) {
    const faults = damaged.map(({ message }) => message).join("; ");
    throw new UsageError(
      `${run}: expected a checkpoint that is whole, got none (${faults}); nothing was changed there`,
    );
  }
  for (const { message } of damaged)
    notice(`damaged checkpoint skipped: ${message}; resuming from ${found?.name}, the damaged one is kept`);
  if (!found) notice(`${visibleLine(run)} has no checkpoint yet: its run begins again`);
  return found;
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
