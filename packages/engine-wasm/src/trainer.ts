import type { TrainableCore, TrainerOptions } from "@dnc/core/engine";
import { KernelTrainer, setUpTrainer } from "@dnc/kernel";
import { hosts } from "./hosts.js";
import type { InstructionSet } from "./kernel.js";

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
    super(core, setUpTrainer(hosts, core, options));
  }
}
