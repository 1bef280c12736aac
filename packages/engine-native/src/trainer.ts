import type { BatchArrays, TrainableCore, TrainerOptions, TrainStepResult } from "@dnc/core/engine";
import { KernelTrainer, setUpTrainer } from "@dnc/kernel";
import type { InstructionSet } from "./addon.js";
import { hosts } from "./hosts.js";

/** Options for a {@link NativeTrainer}; the defaults are the reference's. */
export interface NativeTrainerOptions extends TrainerOptions {
  /** Largest number of threads, 1 to 32; results do not depend on it; default: one per CPU core, up to 8. */
  readonly threads?: number | undefined;
  /** Instruction set; default: the fastest that the machine supports. */
  readonly instructionSet?: InstructionSet | undefined;
}

/**
 * Trains a network with one kernel call per iteration: forward pass, loss, backward pass, clipping by global norm, update.
 *
 *     const trainer = new NativeTrainer(core, { maxGradNorm: 10 });
 *     const { loss } = trainer.step(task.sampleBatch(random)); // or await trainer.stepAsync(...)
 *     trainer.writeToVariables(); // core has the trained parameters
 *
 * The kernel's memory holds the parameters: `writeToVariables` copies them to the core's variables, `readFromVariables`
 * copies them back.
 */
export class NativeTrainer extends KernelTrainer {
  declare readonly instructionSet: InstructionSet;

  /**
   * @param core - a network that the engine supports; its variables are read by the constructor and by `readFromVariables`.
   * @param options - optimizer, clipping, loss, threads and instruction set; default: the reference's.
   * @throws TypeError for an unknown option or one of the wrong kind, if the engine does not support the network, if a part or
   *   method of the core is overridden or replaced, or if the engine or the instruction set is not available on this machine;
   *   RangeError for a number out of range, or if the sizes of groups do not add up to the number of outputs.
   */
  constructor(core: TrainableCore, options: NativeTrainerOptions = {}) {
    super(core, setUpTrainer(hosts, core, options));
  }

  /**
   * Runs one iteration as `step` does, without blocking the event loop. Until the promise is settled, the trainer refuses
   * everything else.
   *
   * @param batch - inputs and targets; its arrays are copied before the call returns.
   * @returns loss and norm, and whether the update was applied: only if both are finite.
   * @throws as a rejection, what `step` throws.
   */
  override stepAsync(batch: BatchArrays): Promise<TrainStepResult> {
    return super.stepAsync(batch);
  }
}
