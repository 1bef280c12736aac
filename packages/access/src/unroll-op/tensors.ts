/** The tensors of the unroll op: what they are, and the one order in which the op takes and returns them. */

/**
 * The tensors of a state, in the order of the op.
 *
 * `memory` `[batch, slots, wordSize]`, `readWeights` `[batch, readHeads, slots]`, `writeWeights` and `precedenceWeights`
 * `[batch, writeHeads, slots]`, `link` `[batch, writeHeads, slots, slots]`, `usage` `[batch, slots]`, `readWords`
 * `[batch, readHeads, wordSize]`; `hidden` and `cell` `[batch, layers hiddenSize]`, layer after layer, of no columns where the
 * controller has none.
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
 * @typeParam Value - a tensor, or what stands for one.
 */
export type UnrollState<Value> = { readonly [Name in UnrollStateName]: Value };

/**
 * What the op takes.
 *
 * @typeParam Value - a tensor, or what stands for one.
 */
export type UnrollInputs<Value> = {
  /** `[time, batch, inputSize]`. */
  readonly inputs: Value;
  /** Before the first step. */
  readonly initialState: UnrollState<Value>;
  /** In the order of a core's variables: controller, memory access, output layer. */
  readonly parameters: readonly Value[];
};

/**
 * What the op returns.
 *
 * @typeParam Value - a tensor, or what stands for one.
 */
export type UnrollOutputs<Value> = {
  /** `[time, batch, outputSize]`. */
  readonly logits: Value;
  /** After the last step. */
  readonly finalState: UnrollState<Value>;
};

/** How many tensors the op returns: the logits and the state. */
const OUTPUTS = 1 + UNROLL_STATE.length;

/** Lists what the op takes, in its order. */
export function packInputs<Value>({ inputs, initialState, parameters }: UnrollInputs<Value>): Value[] {
  return [inputs, ...packState(initialState), ...parameters];
}

/** The inverse of `packInputs`. */
export function unpackInputs<Value>(values: readonly Value[]): UnrollInputs<Value> {
  const [inputs, ...rest] = values;
  return { inputs, initialState: unpackState(rest), parameters: rest.slice(UNROLL_STATE.length) };
}

/**
 * Lists what the op returns, in its order.
 *
 * @typeParam Value - a tensor, or what stands for one.
 * @param outputs - by name.
 * @returns the logits, then the state in the order of `UNROLL_STATE`.
 */
export function packOutputs<Value>({ logits, finalState }: UnrollOutputs<Value>): Value[] {
  return [logits, ...packState(finalState)];
}

/**
 * Names what the op returns: the inverse of `packOutputs`.
 *
 * @typeParam Value - a tensor, or what stands for one.
 * @param values - the logits, then the state in the order of `UNROLL_STATE`.
 * @returns them by name.
 */
export function unpackOutputs<Value>(values: readonly Value[]): UnrollOutputs<Value> {
  const [logits, ...rest] = values;
  return { logits, finalState: unpackState(rest) };
}

/** Separates what the gradient op takes: what the op took, and the gradients to what it returned. */
export function unpackGradientInputs<Value>(values: readonly Value[]): {
  given: UnrollInputs<Value>;
  gradients: UnrollOutputs<Value>;
} {
  const at = values.length - OUTPUTS;
  return { given: unpackInputs(values.slice(0, at)), gradients: unpackOutputs(values.slice(at)) };
}

/**
 * Makes a state of values, one for each name.
 *
 * @typeParam Value - a tensor, or what stands for one.
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
