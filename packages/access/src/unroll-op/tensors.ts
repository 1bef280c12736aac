/** The tensors of the unroll op and their order. */

/**
 * The tensors of a state, in the order of the op.
 *
 * `memory` `[batch, slots, wordSize]`, `readWeights` `[batch, readHeads, slots]`, `writeWeights` and
 * `precedenceWeights` `[batch, writeHeads, slots]`, `link` `[batch, writeHeads, slots, slots]`, `usage`
 * `[batch, slots]`, `readWords` `[batch, readHeads, wordSize]`; `hidden` and `cell` `[batch, layers hiddenSize]`, layer
 * after layer, with 0 columns if the controller has no such state (a GRU has no cell). Without links `link` and
 * `precedenceWeights` have 0 slots; without a memory the sizes of all its tensors are 0.
 */
export const UNROLL_STATE = [
  "memory",
  "readWeights",
  "writeWeights",
  "link",
  "precedenceWeights",
  "usage",
  "readWords",
  "hidden",
  "cell",
] as const;

/** The name of a tensor of the state. */
export type UnrollStateName = (typeof UNROLL_STATE)[number];

/**
 * The tensors of a state by name.
 *
 * @typeParam Value - a tensor, or a value that represents one.
 */
export type UnrollState<Value> = { readonly [Name in UnrollStateName]: Value };

/**
 * Inputs of the op.
 *
 * @typeParam Value - a tensor, or a value that represents one.
 */
export type UnrollInputs<Value> = {
  /** `[time, batch, inputSize]`. */
  readonly inputs: Value;
  /**
   * `[time, batch]` of 0 and 1: where it is 0 the step is not run for that sequence: its state stays as it was and its output
   * is zeros. Absent: every step is run. It has no gradient.
   */
  readonly inputMask?: Value | undefined;
  /** State before the first step. */
  readonly initialState: UnrollState<Value>;
  /** In the order of a core's variables: controller, memory access, output layer. */
  readonly parameters: readonly Value[];
};

/**
 * Outputs of the op.
 *
 * @typeParam Value - a tensor, or a value that represents one.
 */
export type UnrollOutputs<Value> = {
  /** `[time, batch, outputSize]`. */
  readonly logits: Value;
  /** State after the last step. */
  readonly finalState: UnrollState<Value>;
};

/** Number of tensors that the op returns: the logits and the state. */
const OUTPUTS = 1 + UNROLL_STATE.length;

/** Lists the inputs in the order of the op. */
export function packInputs<Value>({ inputs, inputMask, initialState, parameters }: UnrollInputs<Value>): Value[] {
  return [inputs, ...(inputMask === undefined ? [] : [inputMask]), ...packState(initialState), ...parameters];
}

/** The inverse of `packInputs`. */
export function unpackInputs<Value>(values: readonly Value[], hasInputMask: boolean): UnrollInputs<Value> {
  const [inputs, ...others] = values;
  const rest = hasInputMask ? others.slice(1) : others;
  const unpacked = { inputs, initialState: unpackState(rest), parameters: rest.slice(UNROLL_STATE.length) };
  return hasInputMask ? { ...unpacked, inputMask: others[0] } : unpacked;
}

/**
 * Lists the outputs in the order of the op.
 *
 * @typeParam Value - a tensor, or a value that represents one.
 * @param outputs - outputs by name.
 * @returns the logits, then the state in the order of `UNROLL_STATE`.
 */
export function packOutputs<Value>({ logits, finalState }: UnrollOutputs<Value>): Value[] {
  return [logits, ...packState(finalState)];
}

/**
 * Names the outputs of the op: the inverse of `packOutputs`.
 *
 * @typeParam Value - a tensor, or a value that represents one.
 * @param values - the logits, then the state in the order of `UNROLL_STATE`.
 * @returns the outputs by name.
 */
export function unpackOutputs<Value>(values: readonly Value[]): UnrollOutputs<Value> {
  const [logits, ...rest] = values;
  return { logits, finalState: unpackState(rest) };
}

/** Splits the inputs of the gradient op into the inputs of the op and the gradients to its outputs. */
export function unpackGradientInputs<Value>(
  values: readonly Value[],
  hasInputMask: boolean,
): {
  given: UnrollInputs<Value>;
  gradients: UnrollOutputs<Value>;
} {
  const at = values.length - OUTPUTS;
  return { given: unpackInputs(values.slice(0, at), hasInputMask), gradients: unpackOutputs(values.slice(at)) };
}

/**
 * Builds a state from one value per name.
 *
 * @typeParam Value - a tensor, or a value that represents one.
 * @param value - returns the value for a name; called in the order of the op.
 * @returns the values by name.
 */
export function mapState<Value>(value: (name: UnrollStateName) => Value): UnrollState<Value> {
  return Object.fromEntries(UNROLL_STATE.map((name) => [name, value(name)])) as UnrollState<Value>;
}

function packState<Value>(state: UnrollState<Value>): Value[] {
  return UNROLL_STATE.map((name) => state[name]);
}

function unpackState<Value>(values: readonly Value[]): UnrollState<Value> {
  return mapState((name) => values[UNROLL_STATE.indexOf(name)]);
}
