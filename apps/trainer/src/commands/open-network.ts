import { join } from "node:path";
import { assignTensors, DamagedCheckpointError, UnreadableCheckpointError } from "@dnc/checkpoint";
import { type FoundCheckpoint, findCheckpoint } from "@dnc/checkpoint/node";
import type { Dnc } from "@dnc/core";
import { configureEngine } from "@dnc/engine-wasm";
import * as tf from "@tensorflow/tfjs";
import { type Backend, type BackendName, selectBackend } from "../backends/select-backend.js";
import { checkFolderIfThere } from "../files/plain-file.js";
import type { Settings } from "../flags/train-flags.js";
import { createCore, createTask } from "../model/model.js";
import { checkSizes } from "../model/sizes.js";
import { visibleLine } from "../terminal/visible.js";
import { UsageError } from "../usage-error.js";
import { orTooLarge } from "./with-size-errors.js";

/** A trained network, ready to compute. */
export interface OpenNetwork {
  readonly core: Dnc;
  readonly checkpoint: FoundCheckpoint;
  readonly backend: Backend;
}

/** Which weights, and what computes with them. */
export interface OpenOptions {
  /** `latest`, `best` or a step. */
  readonly checkpoint: string;
  readonly backend: BackendName | "auto";
  readonly threads?: number | undefined;
}

/**
 * The network of a run with the weights of one of its checkpoints. The caller disposes the core.
 *
 * @param settings - the run's; its memory and its sequences may be of other sizes.
 * @param warn - told of each checkpoint that is damaged and was passed over, in a sentence.
 * @throws UsageError if there is no such checkpoint, it does not fit the settings or they do not fit into memory.
 */
export async function openNetwork(
  run: string,
  settings: Settings,
  { checkpoint: which, backend: wanted, threads }: OpenOptions,
  warn: (sentence: string) => void,
): Promise<OpenNetwork> {
  checkSizes(settings);
  const checkpoint = await wholeCheckpoint(run, which, warn);
  tf.enableProdMode();
  const backend = await selectBackend(wanted, settings);
  configureEngine(threads === undefined ? {} : { threads });
  const core = await orTooLarge(() => createCore(settings, createTask(settings), settings.seed ?? 0));
  try {
    assignTensors(core.variables, checkpoint.model);
  } catch (error) {
    core.dispose();
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `${visibleLine(checkpoint.path)}: expected weights that fit ${visibleLine(join(run, "config.json"))}: ${error.message}`,
    );
  }
  return { core, checkpoint, backend };
}

async function wholeCheckpoint(run: string, which: string, warn: (sentence: string) => void): Promise<FoundCheckpoint> {
  const folder = join(run, "checkpoints");
  checkFolderIfThere(folder);
  const damaged: DamagedCheckpointError[] = [];
  const found = await findCheckpoint(folder, which, { onDamaged: (error) => damaged.push(error) }).catch((error) =>
    refused(run, error),
  );
  for (const { message } of damaged) warn(`${message}; ${found ? `using ${found.name}` : "there is no other"}`);
  if (!found) throw new UsageError(`expected a run with a whole checkpoint, got ${visibleLine(run)}, which has none`);
  return found;
}

/** What is wrong with a checkpoint that was asked for by its step, or with a run's folder. */
function refused(run: string, error: unknown): never {
  if (error instanceof RangeError) throw new UsageError(error.message.replace(/^selector/, "--checkpoint"));
  if (error instanceof DamagedCheckpointError) throw new UsageError(`--checkpoint: ${error.message}`);
  if (error instanceof UnreadableCheckpointError || (error as NodeJS.ErrnoException).syscall !== undefined)
    throw new UsageError(`${run}: ${(error as Error).message}`);
  throw error;
}
