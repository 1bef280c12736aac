import { assertShape } from "@dnc/addressing";
import { checkBoolean, checkKeys, formatValue } from "@dnc/addressing/checks";
import * as tf from "@tensorflow/tfjs-core";
import type { CellStep, RecurrentCell, StepTrace } from "./cell.js";
import { checkMethods } from "./checks.js";
import { sequenceOp, traceOfSequence } from "./engine/select.js";
import { maskOfSteps, type StepSelection, selectInputs, selectStep } from "./input-mask.js";
import type { NestedState } from "./state.js";
import { type DncTrace, TRACE_DIMENSIONS, type TraceQuantity } from "./trace.js";
import type { UnrollResult } from "./unroll-result.js";

const { getTensorsInContainer } = tf.tensor_util;

/** Options for {@link unroll}. */
export interface UnrollOptions extends StepSelection {
  /**
   * Whether to return a trace of every step, or which quantities of it; default: false. Needs a core that has traces, such as
   * `Dnc`. True runs the definition; chosen quantities may come from an engine, and nothing else is kept.
   */
  trace?: boolean | readonly TraceQuantity[] | undefined;
}

/**
 * Runs a core over whole sequences.
 *
 *     const core = new Dnc({ inputSize: 6, outputSize: 5 });
 *     const { outputs, finalState } = unroll(core, tf.zeros([9, 16, 6]));
 *     const next = unroll(core, tf.zeros([4, 16, 6]), finalState);
 *
 * Uses the fastest path available: an engine of the current backend if one was imported and supports the core;
 * otherwise, and for whole traces, one `step` per time step. If an engine does not support a `Dnc`, the reason is printed
 * once on the console. A `Dnc` with an overridden or replaced method runs its own steps.
 *
 * Results of different paths agree up to float32 rounding, because they add in different orders. Where rounding decides
 * between slots with equal usage, different slots are written or read, and results differ by more. Each path on its own
 * is deterministic. Only first-order gradients are supported; a gradient of a gradient throws.
 *
 * @typeParam State - type of the core's state.
 * @typeParam Prepared - what the core's `prepareWeights` returns.
 * @param core - any recurrent cell, such as a `Dnc`.
 * @param inputs - `[time, batch, inputSize]`, time-major.
 * @param state - state before the first step; still belongs to the caller; default: the core's initial state.
 * @param options - `trace`: whether to return a trace of every step, or which of its quantities; `lengths` or `inputMask`: which
 *   steps to run, for sequences of different lengths; see {@link StepSelection}.
 * @returns outputs and final state, which belong to the caller; with `trace` also every requested quantity,
 *   `[time, batch, ...]`.
 * @throws RangeError if a shape does not fit or a dimension is empty; TypeError if an argument is not a core or not a
 *   tensor, for an unknown option or one of the wrong kind, or if a trace is requested of a core without traces.
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
  /** Trace of every step, time-major. */
  readonly trace: DncTrace;
};
export function unroll<State extends NestedState, Prepared, Quantity extends TraceQuantity>(
  core: RecurrentCell<State, Prepared>,
  inputs: tf.Tensor3D,
  state: State | undefined,
  options: UnrollOptions & { trace: readonly Quantity[] },
): UnrollResult<State> & {
  /** Trace of every step, time-major: the chosen quantities. */
  readonly trace: Pick<DncTrace, Quantity>;
};
export function unroll<State extends NestedState, Prepared>(
  core: RecurrentCell<State, Prepared>,
  inputs: tf.Tensor3D,
  state?: State,
  options: UnrollOptions = {},
): UnrollResult<State> & { readonly trace?: Partial<DncTrace> } {
  checkMethods("core", core, "a cell", ["initialState", "step"]);
  checkKeys("option", options, ["trace", "lengths", "inputMask"]);
  const { trace: requested = false } = options;
  const quantities = typeof requested === "object" ? checkQuantities(requested) : undefined;
  if (!quantities) checkBoolean("trace", requested);
  const trace = quantities !== undefined || requested === true;
  assertShape("inputs", inputs, ["time", "batch", inputSizeOf(core) ?? "inputSize"]);
  return tf.tidy(() => {
    const mask = maskOfSteps(options, inputs);
    const asOp = trace ? undefined : sequenceOp(core, mask);
    if (asOp) return asOp(inputs, state) as unknown as UnrollResult<State>;
    const byEngine = quantities && traceOfSequence(core, { inputs, state, inputMask: mask }, quantities);
    if (byEngine) return byEngine as unknown as UnrollResult<State> & { trace: Partial<DncTrace> };
    const masks = mask && (timeSteps(mask) as tf.Tensor1D[]);
    // Under a gradient the tape decides what to dispose.
    const mayDispose = tf.engine().state.gradientDepth === 0;
    const prepared = core.prepareWeights?.();
    const stepOptions = prepared === undefined ? { trace } : { prepared, trace };
    const outputs: tf.Tensor2D[] = [];
    const traces: StepTrace[] = [];
    const kept = new Set(getTensorsInContainer(state));
    let current = state ?? core.initialState(inputs.shape[1]);
    for (const [time, stepInputs] of (timeSteps(inputs) as tf.Tensor2D[]).entries()) {
      const step: CellStep<State> = tf.tidy(() => {
        const computed = core.step(masks ? selectInputs(stepInputs, masks[time]) : stepInputs, current, stepOptions);
        const selected = masks ? selectStep(computed, current, masks[time]) : computed;
        return trace ? { ...selected, trace: chosen(traceOf(selected), quantities) } : selected;
      });
      outputs.push(step.output);
      kept.add(step.output);
      if (trace) {
        const traced = traceOf(step); // may hold tensors of the state
        traces.push(traced);
        for (const tensor of Object.values(traced)) kept.add(tensor);
      }
      if (mayDispose) disposeExcept(current, kept, new Set(getTensorsInContainer(step.state)));
      current = step.state;
    }
    const unrolled = { outputs: tf.stack(outputs) as tf.Tensor3D, finalState: current };
    return trace ? { ...unrolled, trace: stackTraces(traces) } : unrolled;
  });
}

/** Reads the width of a core's inputs from its config, if it has one like that of `Dnc`. */
function inputSizeOf(core: object): number | undefined {
  const { config } = core as { readonly config?: { readonly inputSize?: unknown } | null };
  const inputSize = config?.inputSize;
  return typeof inputSize === "number" ? inputSize : undefined;
}

/** Splits the inputs into time steps. `tf.unstack` into one part has no gradient. */
function timeSteps(inputs: tf.Tensor): tf.Tensor[] {
  return inputs.shape[0] === 1 ? [tf.squeeze(inputs, [0])] : tf.unstack(inputs);
}

function traceOf(step: { trace?: StepTrace | undefined }): StepTrace {
  if (!step.trace) throw new TypeError("trace: expected a core that keeps traces, got one that does not");
  return step.trace;
}

/**
 * Disposes the tensors of a state, except those in `kept`: a cell may return a state tensor as its output or in its
 * next state.
 */
function disposeExcept(state: NestedState, ...kept: readonly ReadonlySet<tf.Tensor>[]): void {
  for (const tensor of getTensorsInContainer(state)) if (!kept.some((tensors) => tensors.has(tensor))) tensor.dispose();
}

/** Throws unless the names are those of quantities. */
function checkQuantities(names: readonly TraceQuantity[]): readonly TraceQuantity[] {
  if (!Array.isArray(names)) throw new TypeError(`trace: expected true, false or names, got ${formatValue(names)}`);
  for (const name of names)
    if (!Object.hasOwn(TRACE_DIMENSIONS, name))
      throw new TypeError(`trace: expected names of quantities, got ${formatValue(name)}`);
  return names;
}

/** The chosen quantities of a step; default: all. Those that a network does not have are left out. */
function chosen(traced: StepTrace, names: readonly string[] | undefined): StepTrace {
  if (!names) return traced;
  return Object.fromEntries(names.filter((name) => traced[name] !== undefined).map((name) => [name, traced[name]]));
}

function stackTraces(traces: readonly StepTrace[]): DncTrace {
  const names = Object.keys(traces[0]);
  return Object.fromEntries(names.map((name) => [name, tf.stack(traces.map((step) => step[name]))])) as DncTrace;
}
