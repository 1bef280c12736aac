import { join } from "node:path";
import { assignTensors, type DamagedCheckpointError, UnreadableCheckpointError } from "@dnc/checkpoint";
import { type FoundCheckpoint, findCheckpoint } from "@dnc/checkpoint/node";
import type { Dnc } from "@dnc/core";
import { availableInstructionSets, configureEngine, type EngineOptions } from "@dnc/engine-wasm";
import { createRandom, type Task } from "@dnc/tasks";
import type { RmsProp } from "@dnc/training";
import type { BackendName } from "../backends/select-backend.js";
import { EventFile } from "../event-file/index.js";
import { shown } from "../flags/flag-value.js";
import { checkSameRun, readRunConfig, runConfig } from "../flags/run-config.js";
import { MAX_SEED, type Settings } from "../flags/train-flags.js";
import type { ReportRecord } from "../terminal/reporter.js";
import { visibleLine } from "../terminal/visible.js";
import { UsageError } from "../usage-error.js";
import { prepare } from "./build-run.js";
import type { Saved } from "./checkpoint-writer.js";
import type { Learner } from "./learner.js";
import type { Plan } from "./plan.js";
import { beginning } from "./progress.js";
import { Recorder } from "./recorder.js";
import { type RunIdentity, type Standing, standingOf } from "./resume-state.js";
import { checkpointsOf, checkRecords, defaultRunFolder, RunFolder } from "./run-folder.js";
import { RunWriteError } from "./run-write-error.js";

/** Everything that a run computes with and writes to. */
export interface Session {
  readonly settings: Settings;
  readonly folder: RunFolder;
  readonly recorder: Recorder;
  readonly task: Task;
  readonly core: Dnc;
  readonly optimizer: RmsProp;
  readonly learner: Learner;
  readonly identity: RunIdentity;
  readonly standing: Standing;
  readonly before?: { readonly firstReport: ReportRecord | undefined; readonly saved: Saved };
  dispose(): Promise<void>;
}

/**
 * Makes everything for a run, at its beginning or as its newest whole checkpoint has it.
 *
 * @param notice - told what the user should know, a sentence each.
 * @throws UsageError if the memory does not suffice, the folder cannot be had, or a checkpoint does not fit.
 */
export async function openSession(
  { settings: planned, from, to }: Plan,
  backend: BackendName,
  notice: (text: string) => void,
): Promise<Session> {
  const seed = planned.seed ?? Math.floor(Math.random() * (MAX_SEED + 1));
  const settings = { ...planned, seed };
  let folder: RunFolder | undefined;
  let parts: ReturnType<typeof prepare> | undefined;
  let events: EventFile | undefined;
  const dispose = async () => {
    parts?.dispose();
    // A full disk has been reported by now, or is not the run's.
    await events?.close().catch(() => {});
    folder?.close();
  };
  try {
    // All that is there is read before anything is changed, were it only by taking the lock.
    const notices: string[] = [];
    const checkpoint = from === undefined ? undefined : await newestOf(from, (text) => notices.push(text));
    configureEngine(engineOptions(settings, checkpoint, backend, notice));
    parts = prepare(settings, backend, seed);
    const config = runConfig(settings, { seed, backend });
    const standing = checkpoint ? await takeUp(checkpoint, settings, parts) : newStanding(seed);
    if (from !== undefined && to !== undefined) {
      // Nobody else may have moved on what was read.
      const check = async (path: string) => {
        if ((await findNewest(path, () => {}))?.step === checkpoint?.step) return;
        throw new UsageError(`${from}: another process has written there meanwhile; nothing was changed, try again`);
      };
      folder = from === to ? await RunFolder.open(from) : await RunFolder.copy(from, to, check);
      if (from === to) await check(to);
      for (const text of notices) notice(text);
      await folder.setConfig(config);
    } else {
      folder =
        to === undefined
          ? await RunFolder.createNew(defaultRunFolder(settings.task, seed), config)
          : await RunFolder.create(to, config);
    }
    const firstReport = from === undefined ? undefined : await folder.rewind(standing.reported);
    events = await createEvents(folder, standing.reported);
    const recorder = new Recorder(folder, events);
    const identity = { seed, config, backend, instruction_set: parts.learner.instructionSet ?? null };
    const { step } = standing.means;
    const saved = checkpoint && { step, path: join(folder.checkpoints, checkpoint.name) };
    return {
      settings,
      folder,
      recorder,
      ...parts,
      identity,
      standing,
      ...(saved && { before: { firstReport, saved } }),
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function createEvents(folder: RunFolder, step: number): Promise<EventFile> {
  try {
    return await EventFile.create(folder.path, { step });
  } catch (error) {
    throw new RunWriteError(`the event file in ${folder.path}`, error);
  }
}

function newStanding(seed: number): Standing {
  return { means: beginning(), reported: 0, random: createRandom(seed) };
}

/** The checkpoint to go on from; undefined if the run was ended before there was one, which its records must bear out. */
async function newestOf(run: string, notice: (text: string) => void): Promise<FoundCheckpoint | undefined> {
  const reported = await checkRecords(run);
  const found = await findNewest(run, notice);
  const { checkpoint_interval: interval } = readRunConfig(run);
  // The second is not begun before the first is on the disk.
  if (found || interval <= 0 || reported <= 2 * interval) return found;
  throw new UsageError(
    `${run}: expected checkpoints, as it has reported iteration ${reported} and saves every ${interval}, got none in ` +
      `${checkpointsOf(run)}; nothing was changed there`,
  );
}

async function findNewest(run: string, notice: (text: string) => void): Promise<FoundCheckpoint | undefined> {
  const damaged: DamagedCheckpointError[] = [];
  const found = await findCheckpoint(checkpointsOf(run), "latest", { onDamaged: (error) => damaged.push(error) }).catch(
    (error) => {
      if (!(error instanceof UnreadableCheckpointError) && error.syscall === undefined) throw error;
      throw new UsageError(`${run}: ${error.message}; nothing was changed there`);
    },
  );
  if (!found && damaged.length > 0) {
    const faults = damaged.map(({ message }) => message).join("; ");
    throw new UsageError(
      `${run}: expected a checkpoint that is whole, got none (${faults}); nothing was changed there`,
    );
  }
  for (const { message } of damaged)
    notice(`damaged checkpoint passed over: ${message}; going on from ${found?.name}, the damaged one stays`);
  if (!found) notice(`${visibleLine(run)} has no checkpoint yet: its run begins again`);
  return found;
}

/** The engine computes as it did before: its last bits depend on the instructions. */
function engineOptions(
  { threads }: Settings,
  checkpoint: FoundCheckpoint | undefined,
  backend: BackendName,
  notice: (text: string) => void,
): EngineOptions {
  const options = threads === undefined ? {} : { threads };
  if (!checkpoint) return options;
  const { backend: before, instruction_set: instructions } = checkpoint.state;
  if (before !== backend) {
    notice(
      `the run was on backend ${shown(before).replace(/^"(.*)"$/, "$1")}: its numbers go on within tolerance, not to the last bit`,
    );
    return options;
  }
  if (typeof instructions !== "string") return options;
  const instructionSet = availableInstructionSets().find((each) => each === instructions);
  if (instructionSet) return { ...options, instructionSet };
  notice(
    `this machine has no ${visibleLine(instructions)}: the run's numbers go on within tolerance, not to the last bit`,
  );
  return options;
}

/** Gives weights, mean squares and data stream back. */
async function takeUp(
  checkpoint: FoundCheckpoint,
  settings: Settings,
  parts: ReturnType<typeof prepare>,
): Promise<Standing> {
  const { path, state, model, optimizer } = checkpoint;
  checkSameRun(path, (state.config ?? {}) as Partial<Settings>, settings);
  const { num_training_iterations: iterations } = settings;
  if (iterations < state.step) {
    throw new UsageError(
      `--num_training_iterations: expected at least ${state.step}, which the run has done, got ${iterations}`,
    );
  }
  try {
    assignTensors(parts.core.variables, model);
    assignTensors(parts.optimizer.variables, optimizer);
    await parts.learner.load();
    return standingOf(state);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}
