import {
  type CompleteTrainerOptions,
  checkCore,
  checkCount,
  checkObject,
  completeTrainerOptions,
  supportsCore,
  type TrainableCore,
  type TrainerOptions,
} from "@dnc/core/engine";
import { supportsNetwork } from "./engine.js";
import type { KernelHost } from "./host.js";
import type { HostOptions, KernelHosts } from "./hosts.js";

/** What a {@link KernelTrainer} needs from its engine. */
export interface KernelTrainerSetup {
  /** The host to train on. */
  readonly host: KernelHost;
  /** What the host is, for the description: "WebAssembly". */
  readonly hostName: string;
  /** Largest number of threads that take part, 1 or more; more than 32 count as 32. */
  readonly threads: number;
  /** Optimizer, clipping and loss. */
  readonly options: CompleteTrainerOptions;
}

/**
 * Checks a core and options for training, and chooses the host.
 *
 * @param hosts - the engine's hosts.
 * @param core - the network.
 * @param given - optimizer, clipping and loss, threads and instruction set; default: the reference's, and as configured.
 * @throws TypeError for an unknown option or one of the wrong kind, if the engine does not support the network, if a part or
 *   method of the core is overridden or replaced, or if there is no host; RangeError for a number out of range.
 */
export function setUpTrainer<InstructionSet extends string>(
  hosts: KernelHosts<InstructionSet, KernelHost>,
  core: TrainableCore,
  given: TrainerOptions & HostOptions<InstructionSet>,
): KernelTrainerSetup {
  checkCore(core);
  checkObject("options", given);
  const { threads = hosts.threads, instructionSet, ...rest } = given;
  const options = completeTrainerOptions(rest);
  checkCount("threads", threads);
  hosts.checkInstructionSet(instructionSet);
  const { maxGradNorm, ...kind } = options;
  const engine = { supports: (config: TrainableCore["config"]) => supportsNetwork(hosts, config, instructionSet) };
  const supported = supportsCore(engine, core, kind);
  if (supported !== true) throw new TypeError(supported);
  return { host: hosts.get(instructionSet), hostName: hosts.hostName, threads, options };
}
