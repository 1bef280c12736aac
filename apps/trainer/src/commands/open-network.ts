import { join } from "node:path";
import { assignTensors } from "@dnc/checkpoint";
import type { FoundCheckpoint } from "@dnc/checkpoint/node";
import type { Dnc, LstmNetwork } from "@dnc/core";
import { supportsCore } from "@dnc/core/engine";
import { visibleLine } from "@dnc/report";
import { readCheckpoint } from "@dnc/runs/read";
import {
  type CompleteTask,
  checkSizes,
  createNetwork,
  createTask,
  type SeededModel,
  UsageError,
  withSizeErrors,
} from "@dnc/settings";
import { type Backend, selectBackend } from "../backends/select-backend.js";
import { backendForEngine, selectEngine } from "../engine/select-engine.js";
import type { EvalOptions } from "../flags/command-options.js";
import { machine } from "../machine.js";
import { tf } from "../tensorflow.js";
import { warn } from "../terminal/warn.js";

/** A trained network with its checkpoint and a task, on a backend. */
export interface OpenNetwork {
  readonly network: Dnc | LstmNetwork;
  /** The task of the configuration, whose sizes may differ from the run's. */
  readonly task: CompleteTask;
  readonly checkpoint: FoundCheckpoint;
  readonly backend: Backend;
}

/** Options of `openNetwork`: checkpoint, backend, engine and threads. */
export type OpenOptions = Pick<EvalOptions, "checkpoint" | "backend"> &
  Partial<Pick<EvalOptions, "engine" | "threads">>;

/**
 * Opens the network of a run with the weights of one of its checkpoints. The caller disposes it.
 *
 * @param config - configuration of the run; sizes of memory and sequences may differ.
 * @param onWarning - called with a sentence for each damaged checkpoint that is skipped.
 * @throws RunFolderError if there is no such checkpoint; UsageError if it does not fit the configuration, the
 *   network does not fit into memory, or backend or engine do not work.
 */
export async function openNetwork(
  run: string,
  config: SeededModel,
  { checkpoint: selector, backend: requested, engine = "auto", threads }: OpenOptions,
  onWarning: (sentence: string) => void = warn,
): Promise<OpenNetwork> {
  const task = await createTask(config.task);
  checkSizes(config.network, task, machine.memory);
  const checkpoint = await readCheckpoint(run, selector, {
    label: "--checkpoint",
    onNotice: onWarning,
    modelOnly: true,
  });
  tf.enableProdMode();
  const backend = await selectBackend(backendForEngine(requested, engine));
  const selected = backend.name === "cpu" ? await selectEngine({ requested: engine, threads }) : undefined;
  const network = await withSizeErrors(() => createNetwork(config.network, task, config.seed));
  try {
    const supported = engine === "auto" || !selected?.engine || supportsCore(selected.engine, network);
    if (supported !== true) throw new UsageError(`--engine: expected auto or ops, got ${engine}: ${supported}`);
    assignTensors(network.variables, checkpoint.model);
  } catch (error) {
    network.dispose();
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `${visibleLine(checkpoint.path)}: expected weights that fit ${visibleLine(join(run, "config.json"))}: ${error.message}`,
    );
  }
  return { network, task, checkpoint, backend };
}
