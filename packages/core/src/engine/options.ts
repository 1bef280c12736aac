import { checkObject, formatValue } from "@dnc/addressing/checks";
import { checkFraction, checkPositive } from "./checks.js";
import type { LossName, OptimizerOptions, RmsPropOptions, TrainerOptions, TrainingKind } from "./trainer.js";

/** A trainer's options with every default filled in. */
export type CompleteTrainerOptions = {
  /** Optimizer and all its parameters. */
  readonly optimizer: { readonly [Key in keyof RmsPropOptions]-?: Exclude<RmsPropOptions[Key], undefined> };
  /** Largest global norm of the gradients; larger gradients are scaled down to it. */
  readonly maxGradNorm: number;
  /** The loss. */
  readonly loss: LossName;
};

const LOSSES: readonly unknown[] = ["sigmoid"] satisfies LossName[];
const RMS_PROP = { type: "rmsprop", learningRate: 1e-4, decay: 0.9, epsilon: 1e-10, momentum: 0 } as const;
const DEFAULTS = { optimizer: RMS_PROP, maxGradNorm: 50, loss: "sigmoid" } as const;

/**
 * Fills in the defaults of a trainer's options.
 *
 * @param options - the options common to all engines; an engine removes its own before the call.
 * @returns all options, checked.
 * @throws TypeError for an unknown option, optimizer or loss, or a value of the wrong kind; RangeError for a number out of range.
 */
export function completeTrainerOptions(options: TrainerOptions): CompleteTrainerOptions {
  const { optimizer: given, maxGradNorm, loss } = complete<Required<TrainerOptions>>("options", DEFAULTS, options);
  if (!LOSSES.includes(loss)) throw new TypeError(`loss: expected "sigmoid", got ${formatValue(loss)}`);
  const optimizer = completeOptimizer(given);
  checkPositive("maxGradNorm", maxGradNorm);
  return { optimizer, maxGradNorm: maxGradNorm as number, loss: loss as LossName };
}

function completeOptimizer(given: OptimizerOptions | undefined): CompleteTrainerOptions["optimizer"] {
  checkObject("optimizer", given);
  const { type } = given as Partial<OptimizerOptions>;
  if (type !== "rmsprop") throw new TypeError(`optimizer.type: expected "rmsprop", got ${formatValue(type)}`);
  const optimizer = complete<CompleteTrainerOptions["optimizer"]>("optimizer", RMS_PROP, given as OptimizerOptions);
  const { learningRate, epsilon, decay, momentum } = optimizer;
  for (const [name, value] of Object.entries({ learningRate, epsilon })) checkPositive(`optimizer.${name}`, value);
  for (const [name, value] of Object.entries({ decay, momentum })) checkFraction(`optimizer.${name}`, value);
  return optimizer;
}

/**
 * Whether every engine supports this kind of training: RMSProp without momentum, and the reference's loss.
 *
 * @param options - loss and optimizer; default: the trainer's defaults.
 * @returns true, or the first reason why not.
 */
export function supportsStandardTraining({ loss = "sigmoid", optimizer = RMS_PROP }: TrainingKind = {}): true | string {
  if (loss !== "sigmoid") return `loss: expected "sigmoid", got ${formatValue(loss)}`;
  const { type, momentum = 0 } = optimizer;
  if (type !== "rmsprop") return `optimizer.type: expected "rmsprop", got ${formatValue(type)}`;
  return momentum === 0 ? true : `optimizer.momentum: expected 0, got ${formatValue(momentum)}`;
}

/** Merges values into the defaults; undefined counts as absent. */
function complete<Options extends object>(name: string, defaults: Options, given: object): Options {
  checkObject(name, given);
  for (const key of Object.keys(given))
    if (!Object.hasOwn(defaults, key)) throw new TypeError(`${name}: unknown key "${key}"`);
  return { ...defaults, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}
