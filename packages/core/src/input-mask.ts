import { assertShape, stopGradient, toFloat32 } from "@dnc/addressing";
import { formatValue } from "@dnc/addressing/checks";
import * as tf from "@tensorflow/tfjs-core";
import type { CellStep, StepTrace } from "./cell.js";
import { flattenNested, type NestedState, unflattenNested } from "./state.js";

/** The options of `unroll` that say which time steps of a sequence are run. */
export interface StepSelection {
  /**
   * One integer from 0 to `time` per sequence: the steps from there on are not run. As if `inputMask` were 1 before them; not
   * together with it. Default: all steps are run.
   */
  lengths?: ArrayLike<number> | undefined;
  /**
   * `[time, batch]` of 0 and 1: where it is 0 the step is not run for that sequence: its state stays as it was, and its output
   * is zeros. Any other number counts as 1: the values of a tensor are not read, so they cannot be checked. Default: all steps
   * are run.
   */
  inputMask?: tf.Tensor2D | undefined;
}

/**
 * Returns the mask that the options describe.
 *
 * @param options - `lengths` or `inputMask`.
 * @param inputs - `[time, batch, inputSize]`.
 * @returns `[time, batch]`, a new tensor or that of the options; undefined if every step is run.
 * @throws TypeError for a value of the wrong kind or both options; RangeError for a shape that does not fit or a length out
 *   of range.
 */
export function maskOfSteps({ lengths, inputMask }: StepSelection, inputs: tf.Tensor3D): tf.Tensor2D | undefined {
  const [time, batch] = inputs.shape;
  if (inputMask !== undefined) {
    if (lengths !== undefined) throw new TypeError("inputMask: expected none beside lengths, got one");
    assertShape("inputMask", inputMask, [time, batch]);
    return inputMask;
  }
  if (lengths === undefined) return undefined;
  checkLengths(lengths, time, batch);
  const values = Float32Array.from({ length: time * batch }, (_, at) =>
    Math.floor(at / batch) < lengths[at % batch] ? 1 : 0,
  );
  return tf.tensor2d(values, [time, batch]);
}

function checkLengths(lengths: ArrayLike<number>, time: number, batch: number): void {
  if (typeof lengths !== "object" || lengths === null || typeof lengths.length !== "number")
    throw new TypeError(`lengths: expected an array, got ${formatValue(lengths)}`);
  if (lengths.length !== batch) throw new RangeError(`lengths: expected ${batch} integers, got ${lengths.length}`);
  for (let index = 0; index < batch; index++) {
    const length = lengths[index];
    const message = `lengths[${index}]: expected an integer from 0 to ${time}, got ${formatValue(length)}`;
    if (typeof length !== "number") throw new TypeError(message);
    if (!Number.isInteger(length) || length < 0 || length > time) throw new RangeError(message);
  }
}

/**
 * Replaces the inputs of sequences whose step is not run by zeros: whatever stands there, such as NaN, must not reach a
 * gradient as a factor of zero.
 *
 * @param inputs - `[batch, inputSize]`.
 * @param mask - `[batch]`: 1 where the step is run.
 */
export function selectInputs(inputs: tf.Tensor2D, mask: tf.Tensor1D): tf.Tensor2D {
  return select(flagsOf(mask), inputs, tf.zerosLike(inputs)) as tf.Tensor2D;
}

/**
 * Replaces what a step has computed for sequences whose step is not run: the state by that before, output and trace by zeros.
 *
 * @param step - result of the cell's step.
 * @param before - state before the step.
 * @param mask - `[batch]`: 1 where the step is run.
 */
export function selectStep<State extends NestedState>(
  step: CellStep<State>,
  before: State,
  mask: tf.Tensor1D,
): CellStep<State> {
  const isRun = flagsOf(mask);
  const previous = flattenNested<tf.Tensor>(before, step.state);
  const next = flattenNested<tf.Tensor>(step.state);
  const selected = next.map((tensor, index) => select(isRun, tensor, toFloat32(previous[index])));
  const state = unflattenNested<tf.Tensor>(step.state, selected) as State;
  const output = select(isRun, step.output, tf.zerosLike(step.output)) as tf.Tensor2D;
  if (!step.trace) return { output, state };
  const traced = Object.entries(step.trace).map(([name, tensor]) => {
    const at = next.indexOf(tensor);
    return [name, at < 0 ? select(isRun, tensor, tf.zerosLike(tensor)) : selected[at]];
  });
  return { output, state, trace: Object.fromEntries(traced) as StepTrace };
}

/** Whether the step is run, per sequence; the gradient to the mask is zero. */
function flagsOf(mask: tf.Tensor1D): tf.Tensor1D {
  return stopGradient(mask, (values) => tf.notEqual(toFloat32(values), 0)) as tf.Tensor1D;
}

/** `a` for the sequences whose flag is set, `b` for the others. */
function select(flags: tf.Tensor1D, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  if (a.shape[0] !== flags.shape[0])
    throw new RangeError(
      `step(): expected tensors [${flags.shape[0]}, ...], one row per sequence, to skip steps, got [${a.shape.join(", ")}]`,
    );
  if (a.size === 0) return tf.clone(a);
  const columns = tf.reshape(flags, [a.shape[0], ...a.shape.slice(1).map(() => 1)]);
  return tf.where(tf.broadcastTo(columns, a.shape) as tf.Tensor, a, b);
}
