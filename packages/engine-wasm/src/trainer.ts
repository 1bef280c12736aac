import {
  checkCore,
  checkCount,
  checkObject,
  completeTrainerOptions,
  formatValue,
  supportsCore,
  type TrainableCore,
  type TrainerOptions,
} from "@dnc/core/engine";
import { KernelTrainer, type KernelTrainerSetup } from "@dnc/kernel";
import { getHost } from "./host.js";
import { INSTRUCTION_SETS, type InstructionSet } from "./kernel.js";
import { defaultThreads } from "./options.js";
import { supports } from "./supports.js";

/** Options for a {@link WasmTrainer}; the defaults are the reference's. */
export interface WasmTrainerOptions extends TrainerOptions {
  /** Largest number of threads, 1 to 32; results do not depend on it; default: one per CPU core, up to 8. */
  readonly threads?: number | undefined;
  /** Instruction set; default: the fastest that the machine supports. */
  readonly instructionSet?: InstructionSet | undefined;
}

/**
 * Trains a network with one kernel call per iteration: forward pass, loss, backward pass, clipping by global norm, update.
 *
 *     const trainer = new WasmTrainer(core, { maxGradNorm: 10 });
 *     const { loss } = trainer.step(task.sampleBatch(random));
 *     trainer.writeToVariables(); // core has the trained parameters
 *
 * The kernel's memory holds the parameters: `writeToVariables` copies them to the core's variables, `readFromVariables`
 * copies them back. Each step is synchronous and returns its result.
 */
export class WasmTrainer extends KernelTrainer {
  declare readonly instructionSet: InstructionSet;

  /**
   * @param core - a network that the engine supports; its variables are read by the constructor and by `readFromVariables`.
   * @param options - optimizer, clipping, loss, threads and instruction set; default: the reference's.
   * @throws TypeError for an unknown option or one of the wrong kind, if the engine does not support the network, if a part or
   *   method of the core is overridden or replaced, or if WebAssembly, its SIMD or memory for it is not available; RangeError
   *   for a number out of range, or if the sizes of groups do not add up to the number of outputs.
   */
  constructor(core: TrainableCore, options: WasmTrainerOptions = {}) {
    super(core, setUp(core, options));
  }
}

/** Checks core and options, and chooses the host. */
function setUp(core: TrainableCore, given: WasmTrainerOptions): KernelTrainerSetup {
  checkCore(core);
  checkObject("options", given);
  const { threads = defaultThreads(), instructionSet, ...rest } = given;
  const options = completeTrainerOptions(rest);
  checkCount("threads", threads);
  if (instructionSet !== undefined && !INSTRUCTION_SETS.includes(instructionSet))
    throw new TypeError(
      `instructionSet: expected one of ${INSTRUCTION_SETS.join(", ")}, got ${formatValue(instructionSet)}`,
    );
  const { maxGradNorm, ...kind } = options;
  const supported = supportsCore({ supports: (config, kind) => supports(config, kind, instructionSet) }, core, kind);
  if (supported !== true) throw new TypeError(supported);
  return { host: getHost(instructionSet), hostName: "WebAssembly", threads, options };
}
