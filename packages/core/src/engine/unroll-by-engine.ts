import { mapState, runUnrollOp, type UnrollState } from "@dnc/access/unroll-op";
import { toFloat32 } from "@dnc/addressing";
import type { ControllerState } from "@dnc/controller";
import * as tf from "@tensorflow/tfjs-core";
import { batchSizeOf, checkSequence, controllerLayers, hasMemory, type NetworkState } from "../sequence.js";
import { type NestedState, stateAsFloat32 } from "../state.js";
import type { UnrollResult } from "../unroll-result.js";
import type { UnrollableCore } from "./core.js";
import type { Engine } from "./engine.js";
import { networkSizes } from "./network.js";
import { runUnrollOps } from "./run-unroll-ops.js";

/** A sequence to run. */
export type Sequence = {
  /** `[time, batch, inputSize]`. */
  readonly inputs: tf.Tensor3D;
  /** State before the first step; default: the core's initial state. */
  readonly state?: NestedState | undefined;
  /** `[time, batch]` of 0 and 1: which steps to run; default: all. */
  readonly inputMask?: tf.Tensor2D | undefined;
};

/**
 * Runs a sequence as the unroll op of an engine. Supports first-order gradients.
 *
 * @param engine - an engine of the current backend.
 * @param core - a stock network that the engine supports.
 * @param inputs - `[time, batch, inputSize]`.
 * @param given - the state before the first step; default: the core's initial state.
 * @returns new tensors.
 */
export function unrollByEngine(
  engine: Engine,
  core: UnrollableCore,
  { inputs, state: given, inputMask }: Sequence,
): UnrollResult<NestedState> {
  return tf.tidy(() => {
    const { state, sizes, tensors } = prepareSequence(core, { inputs, state: given, inputMask });
    const { logits, finalState } =
      "kernels" in engine ? runUnrollOp(tensors, sizes) : runUnrollOps(engine.ops, tensors, sizes, given !== undefined);
    return { outputs: logits as tf.Tensor3D, finalState: unflattenState(finalState, state) };
  });
}

/**
 * Runs a sequence with the kernels of an engine and returns quantities of every step; not under a gradient.
 *
 * @param engine - an engine of the current backend.
 * @param core - a stock network that the engine supports.
 * @param sequence - the inputs, the state before the first step (default: the core's initial state), and which steps to run.
 * @param quantities - names of quantities.
 * @returns new tensors; undefined if the engine has no traces, or not these quantities, or not with an input mask.
 */
export function traceByEngine(
  engine: Engine,
  core: UnrollableCore,
  sequence: Sequence,
  quantities: readonly string[],
): (UnrollResult<NestedState> & { readonly trace: { readonly [quantity: string]: tf.Tensor } }) | undefined {
  const { trace: run } = "kernels" in engine ? engine.kernels : {};
  if (!run) return undefined;
  return tf.tidy(() => {
    const { state, sizes, tensors } = prepareSequence(core, sequence);
    const traced = run(tensors, { sizes, backend: tf.backend() }, quantities);
    if (!traced) return undefined as never;
    const tensorOf = (info: tf.TensorInfo) => tf.engine().makeTensorFromTensorInfo(info);
    const finalState = mapState((name) => tensorOf(traced.finalState[name]));
    return {
      outputs: tensorOf(traced.logits) as tf.Tensor3D,
      finalState: unflattenState(finalState, state),
      trace: Object.fromEntries(Object.entries(traced.trace).map(([name, info]) => [name, tensorOf(info)])),
    };
  });
}

/** Checks a sequence; returns its state, and the sizes and tensors of the op. */
function prepareSequence(core: UnrollableCore, { inputs, state: given, inputMask }: Sequence) {
  const state = (given ?? core.initialState(inputs.shape[1])) as NetworkState;
  const sizes = { ...networkSizes(core.config), inputMask: inputMask !== undefined };
  checkSequence(sizes, inputs, state);
  const tensors = {
    inputs: toFloat32(inputs),
    ...(inputMask && { inputMask: toFloat32(inputMask) }),
    initialState: flattenState(stateAsFloat32(state) as NetworkState),
    parameters: core.variables.map(({ variable }) => variable),
  };
  return { state, sizes, tensors };
}

/** Ranks of the state's tensors that belong to the memory. */
const MEMORY_RANKS = {
  memory: 3,
  readWeights: 3,
  writeWeights: 3,
  link: 4,
  precedenceWeights: 3,
  usage: 2,
  readWords: 3,
} as const;

type MemoryName = keyof typeof MEMORY_RANKS;

/**
 * Returns the state's tensors by their names in the op. Those that a network does not have are of size 0.
 *
 * @param state - `[batch, ...]` tensors, float32.
 */
function flattenState(state: NetworkState): UnrollState<tf.Tensor> {
  const layers = controllerLayers(state.controller);
  const batchSize = batchSizeOf(state);
  const columns = (name: "hidden" | "cell") =>
    concatColumns(
      layers.flatMap((layer) => layer[name] ?? []),
      batchSize,
    );
  return { ...flattenMemory(state, batchSize), hidden: columns("hidden"), cell: columns("cell") };
}

function flattenMemory(state: NetworkState, batchSize: number) {
  if (!hasMemory(state)) {
    const empty = (rank: number) => tf.zeros([batchSize, ...new Array<number>(rank - 1).fill(0)]);
    const tensors = Object.entries(MEMORY_RANKS).map(([name, rank]) => [name, empty(rank)]);
    return Object.fromEntries(tensors) as Pick<UnrollState<tf.Tensor>, MemoryName>;
  }
  const { linkage, ...memory } = state.access;
  return { ...memory, ...linkage, readWords: state.readWords };
}

/** Inverts `flattenState`: returns the structure of `like` with these tensors. */
function unflattenState(state: UnrollState<tf.Tensor>, like: NetworkState): NestedState {
  const { memory, readWeights, writeWeights, link, precedenceWeights, usage, readWords, hidden, cell } = state;
  const controller = controllerState(hidden, cell, like.controller);
  if (!hasMemory(like)) return { controller };
  const access = { memory, readWeights, writeWeights, linkage: { link, precedenceWeights }, usage };
  return { readWords, access, controller };
}

function concatColumns(tensors: tf.Tensor2D[], rows: number): tf.Tensor {
  if (tensors.length === 0) return tf.zeros([rows, 0]);
  return tensors.length === 1 ? tensors[0] : tf.concat(tensors, 1);
}

function controllerState(hidden: tf.Tensor, cell: tf.Tensor, like: ControllerState): ControllerState {
  if ("hidden" in like) return ("cell" in like ? { hidden, cell } : { hidden }) as ControllerState;
  const names = Object.keys(like);
  if (names.length === 0) return {};
  const parts = (tensor: tf.Tensor) => (names.length === 1 ? [tensor] : tf.split(tensor, names.length, 1));
  const [hiddens, cells] = [parts(hidden), parts(cell)];
  return Object.fromEntries(
    names.map((name, index) => [name, { hidden: hiddens[index], cell: cells[index] }]),
  ) as ControllerState;
}
