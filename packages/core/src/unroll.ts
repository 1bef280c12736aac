import { assertShape } from "@dnc/addressing";
import { checkBoolean, checkKeys } from "@dnc/addressing/checks";
import * as tf from "@tensorflow/tfjs-core";
import type { CellStep, RecurrentCell, StepTrace } from "./cell.js";
import { checkMethods } from "./checks.js";
import type { DncState } from "./dnc-state.js";
import { sequenceOp } from "./engine/select.js";
import type { NestedState } from "./state.js";
import type { DncTrace } from "./trace.js";
import type { UnrollResult } from "./unroll-result.js";

const { getTensorsInContainer } = tf.tensor_util;

/** How to run a sequence. */
export interface UnrollOptions {
  /** true: also return what each step decided; default: false. Needs a core that has traces, such as `Dnc`. */
  trace?: boolean | undefined;
}

/**
 * Runs a core over whole sequences.
 *
 *     const core = new Dnc({ inputSize: 6, outputSize: 5 });
 *     const { outputs, finalState } = unroll(core, tf.zeros([9, 16, 6]));
 *     const next = unroll(core, tf.zeros([4, 16, 6]), finalState);
 *
 * Uses the fastest path available: an engine of the current backend if one was imported and supports the core; otherwise, and for
 * traces, one `step` per time step. Why an engine does not compute a `Dnc` is said once on the console; one of which
 * anything is overridden or replaced runs its own steps.
 *
 * Results agree up to rounding: another order of additions gives other last bits in float32. Where such bits decide between
 * slots with equal usage, another one is written or read, and results differ by more. Each path alone returns the same
 * bits every time. Gradients are of first order: asking for a gradient of a gradient throws.
 *
 * @typeParam State - what the core carries from one step to the next.
 * @typeParam Prepared - what its `prepareWeights` returns.
 * @param core - any recurrent cell; a `Dnc` is one.
 * @param inputs - `[time, batch, inputSize]`, time-major.
 * @param state - before the first step; default: the core's initial state. It stays the caller's.
 * @param options - `trace`: whether to return what each step decided.
 * @returns outputs and final state, which are the caller's; with `trace` every traced quantity, `[time, batch, ...]`.
 * @throws RangeError if a shape does not fit or a dimension is empty; TypeError if an argument is not a core or not a tensor, for
 *   an unknown option or one of the wrong kind, or if a trace was asked of a core without.
 */
export function unroll<State extends NestedState, Prepared>(
  core: RecurrentCell<State, Prepared>,
  inputs: tf.Tensor3D,
  state?: State,
  options?: UnrollOptions & { trace?: false | undefined },
): UnrollResult<State>;
export function unroll<State extends NestedState, Prepared>(
  core: RecurrentCell<State, Prepared>,
  inputs: tf.Tensor3D,
  state: State | undefined,
  options: UnrollOptions & { trace: true },
): UnrollResult<State> & {
  /** What each step decided, time-major. */
  readonly trace: DncTrace;
};
export function unroll<State extends NestedState, Prepared>(
  core: RecurrentCell<State, Prepared>,
  inputs: tf.Tensor3D,
  state?: State,
  options: UnrollOptions = {},
): UnrollResult<State> & { readonly trace?: DncTrace } {
  checkMethods("core", core, "a cell", ["initialState", "step"]);
  checkKeys("option", options, ["trace"]);
  const { trace = false } = options;
  checkBoolean("trace", trace);
  assertShape("inputs", inputs, ["time", "batch", inputSizeOf(core) ?? "inputSize"]);
  const asOp = trace ? undefined : sequenceOp(core);
  if (asOp) return asOp(inputs, state as DncState | undefined) as unknown as UnrollResult<State>;
  return tf.tidy(() => {
    // Under a gradient what may go is the tape's to say, and for a trace the states are what is asked for.
    const mayDispose = tf.engine().state.gradientDepth === 0 && !trace;
    const prepared = core.prepareWeights?.();
    const stepOptions = prepared === undefined ? { trace } : { prepared, trace };
    const outputs: tf.Tensor2D[] = [];
    const traces: StepTrace[] = [];
    const kept = new Set(getTensorsInContainer(state));
    let current = state ?? core.initialState(inputs.shape[1]);
    for (const now of timeSteps(inputs)) {
      const step: CellStep<State> = tf.tidy(() => core.step(now, current, stepOptions));
      outputs.push(step.output);
      kept.add(step.output);
      if (trace) traces.push(traceOf(step));
      if (mayDispose) disposeExcept(current, kept, new Set(getTensorsInContainer(step.state)));
      current = step.state;
    }
    const unrolled = { outputs: tf.stack(outputs) as tf.Tensor3D, finalState: current };
    return trace ? { ...unrolled, trace: stackTraces(traces) } : unrolled;
  });
}

/** How wide its inputs must be, where a core says so as `Dnc` does. */
function inputSizeOf(core: object): number | undefined {
  const { config } = core as { readonly config?: { readonly inputSize?: unknown } | null };
  const inputSize = config?.inputSize;
  return typeof inputSize === "number" ? inputSize : undefined;
}

/** The inputs of each step. TensorFlow.js has no gradient for unstacking into one part. */
function timeSteps(inputs: tf.Tensor3D): tf.Tensor2D[] {
  return inputs.shape[0] === 1 ? [tf.squeeze(inputs, [0])] : (tf.unstack(inputs) as tf.Tensor2D[]);
}

function traceOf(step: { trace?: StepTrace | undefined }): StepTrace {
  if (!step.trace) throw new TypeError("trace: expected a core that keeps traces, got one that does not");
  return step.trace;
}

/** Disposes the tensors of a state that nobody else has: a cell may put one out as it is, or carry it along. */
function disposeExcept(state: NestedState, ...kept: readonly ReadonlySet<tf.Tensor>[]): void {
  for (const tensor of getTensorsInContainer(state)) if (!kept.some((tensors) => tensors.has(tensor))) tensor.dispose();
}

function stackTraces(traces: readonly StepTrace[]): DncTrace {
  const names = Object.keys(traces[0]);
  return Object.fromEntries(names.map((name) => [name, tf.stack(traces.map((step) => step[name]))])) as DncTrace;
}
