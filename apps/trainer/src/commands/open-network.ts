import { join } from "node:path";
import { assignTensors, DamagedCheckpointError, UnreadableCheckpointError } from "@dnc/checkpoint";
import { type FoundCheckpoint, findCheckpoint } from "@dnc/checkpoint/node";
import type { Dnc } from "@dnc/core";
import { configureEngine } from "@dnc/engine-wasm";
import * as tf from "@tensorflow/tfjs";
import type { BackendName } from "../backends/probe.js";
import { type Backend, selectBackend } from "../backends/select-backend.js";
import type { ModelConfig } from "../configs.js";
import { checkFolderIfThere } from "../files/plain-file.js";
import { createNetwork } from "../model/create-network.js";
import { checkSizes } from "../model/sizes.js";
import { withSizeErrors } from "../model/with-size-errors.js";
import { visibleLine } from "../terminal/visible.js";
import { UsageError } from "../usage-error.js";

/** A trained network, ready to compute. */
export interface OpenNetwork {
  readonly network: Dnc;
  readonly checkpoint: FoundCheckpoint;
  readonly backend: Backend;
}

/** Which weights, and on what backend. */
export interface OpenOptions {
  /** `latest`, `best` or a step. */
  readonly checkpoint: string;
  readonly backend: BackendName | "auto";
  readonly threads?: number | undefined;
}

/**
 * Opens the network of a run with the weights of one of its checkpoints. The caller disposes it.
 *
 * @param config - the run's; its memory and its sequences may be of other sizes.
 * @param warn - called with a sentence for each damaged checkpoint that is skipped.
 * @throws UsageError if there is no such checkpoint, or it does not fit the configuration, or that does not fit into memory.
 */
export async function openNetwork(
  run: string,
  config: ModelConfig & { readonly seed: number },
  { checkpoint: selector, backend: wanted, threads }: OpenOptions,
  warn: (sentence: string) => void,
): Promise<OpenNetwork> {
  checkSizes(config);
  const checkpoint = await intactCheckpoint(run, selector, warn);
  tf.enableProdMode();
  const backend = await selectBackend(wanted, config.network);
  configureEngine(threads === undefined ? {} : { threads });
  const network = await withSizeErrors(() => createNetwork(config, config.seed));
  try {
    assignTensors(network.variables, checkpoint.model);
  } catch (error) {
    network.dispose();
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `${visibleLine(checkpoint.path)}: expected weights that fit ${visibleLine(join(run, "config.json"))}: ${error.message}`,
    );
  }
  return { network, checkpoint, backend };
}

async function intactCheckpoint(
  run: string,
  selector: string,
  warn: (sentence: string) => void,
): Promise<FoundCheckpoint> {
  const folder = join(run, "checkpoints");
  checkFolderIfThere(folder);
  const damaged: DamagedCheckpointError[] = [];
  const found = await findCheckpoint(folder, selector, { onDamaged: (error) => damaged.push(error) }).catch((error) =>
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
