import { checkObject, formatValue } from "@dnc/addressing/checks";
import { checkFraction, checkPositive } from "./checks.js";
import type { LossName, OptimizerOptions, RmsPropOptions, TrainerOptions, TrainingKind } from "./trainer.js";

/** How to train, with nothing left open. */
export type CompleteTrainerOptions = {
  /** Every number of the optimizer. */
  readonly optimizer: { readonly [Key in keyof RmsPropOptions]-?: Exclude<RmsPropOptions[Key], undefined> };
  /** Gradients are scaled down to this global norm. */
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
 * @param options - the options that every engine has; an engine takes out its own before.
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
 * Whether training is what every engine does: RMSProp without momentum, on the loss of the reference.
 *
 * @param options - loss and optimizer; what is left out is the default.
 * @returns true, or the first thing that is not so.
 */
export function supportsStandardTraining({ loss = "sigmoid", optimizer = RMS_PROP }: TrainingKind = {}): true | string {
  if (loss !== "sigmoid") return `loss: expected "sigmoid", got ${formatValue(loss)}`;
  const { type, momentum = 0 } = optimizer;
  if (type !== "rmsprop") return `optimizer.type: expected "rmsprop", got ${formatValue(type)}`;
  return momentum === 0 ? true : `optimizer.momentum: expected 0, got ${formatValue(momentum)}`;
}

/** The given values over the defaults; undefined counts as left out. */
function complete<Options extends object>(name: string, defaults: Options, given: object): Options {
  checkObject(name, given);
  for (const key of Object.keys(given))
    if (!Object.hasOwn(defaults, key)) throw new TypeError(`${name}: unknown key "${key}"`);
  return { ...defaults, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}
