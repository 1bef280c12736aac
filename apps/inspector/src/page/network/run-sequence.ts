import { type Dnc, type DncState, type LstmNetwork, type StepSelection, type UnrollResult, unroll } from "@dnc/core";
import type { Batch } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs-core";
import type { Quantity } from "../trace/trace.js";
import type { ErasedSlot } from "./lesion.js";

/** Options of `runSequence`. */
export interface RunOptions {
  /** A slot that is erased before a time step; default: none. The network must have a memory. */
  readonly erased?: ErasedSlot | undefined;
  /** Whether to trace the memory, which takes longer; default: false. */
  readonly traced?: boolean | undefined;
}

/** Outputs of a network over a batch. */
export interface SequenceRun {
  /** `[timeSteps, batchSize, outputSize]`: before any sigmoid. */
  readonly logits: Float32Array;
  /** What was traced, by name. */
  readonly traced: Readonly<Record<string, Quantity>>;
}

/** The run of some time steps. */
type Part = UnrollResult<DncState> & { readonly trace?: Readonly<Record<string, tf.Tensor | undefined>> | undefined };

/**
 * Runs a network over a batch, from its initial state. With an erased slot the run is split: the word of the slot is set to 0 in the state between
 * both parts. Such a run takes the steps of a trace: where rounding decides between slots of equal usage, an engine may write to another slot than the
 * trace shows.
 *
 * @throws RangeError if the network has no such slot, or the batch no such time step.
 */
export async function runSequence(
  network: Dnc | LstmNetwork,
  batch: Batch,
  { erased, traced = false }: RunOptions = {},
): Promise<SequenceRun> {
  if (erased) checkErased(network, batch, erased);
  const parts = tf.tidy(() => {
    const dnc = network as Dnc; // an LSTM is run in the same way, without a trace and without erasing
    if (!erased) return [runPart(dnc, batch, [0, batch.timeSteps], { traced })];
    const first = erased.step > 0 ? [runPart(dnc, batch, [0, erased.step], { traced: true })] : [];
    const state = withErasedSlot(first[0]?.finalState ?? dnc.initialState(batch.batchSize), erased.slot);
    return [...first, runPart(dnc, batch, [erased.step, batch.timeSteps], { traced: true, state })];
  });
  try {
    const { trace = {} } = parts[0] as Part;
    const names = traced ? Object.keys(trace).filter((name) => trace[name] !== undefined) : [];
    const entries = names.map(async (name) => [name, await joined(parts.map(({ trace }) => trace?.[name]))] as const);
    const outputs = await joined(parts.map(({ outputs }) => outputs));
    return { logits: outputs.data, traced: Object.fromEntries(await Promise.all(entries)) };
  } finally {
    tf.dispose(parts as unknown as tf.TensorContainer);
  }
}

function checkErased({ config }: Dnc | LstmNetwork, { timeSteps }: Batch, { slot, step }: ErasedSlot): void {
  const slots = config.memory === false ? 0 : config.memorySize;
  if (slots === 0) throw new RangeError("A slot is erased only in a network with a memory, got one without.");
  for (const [name, value, count] of [["slot", slot, slots] as const, ["step", step, timeSteps] as const])
    if (!(Number.isInteger(value) && value >= 0 && value < count))
      throw new RangeError(`The ${name} to erase: expected an integer from 0 to ${count - 1}, got ${value}.`);
}

function runPart(
  network: Dnc,
  batch: Batch,
  [from, to]: readonly [number, number],
  { traced, state }: { readonly traced: boolean; readonly state?: DncState },
): Part {
  const { timeSteps, batchSize, inputs, lengths, inputMask } = batch;
  const rows = (values: Float32Array) =>
    values.slice((from * values.length) / timeSteps, (to * values.length) / timeSteps);
  const tensor = tf.tensor3d(rows(inputs), [to - from, batchSize, inputs.length / (timeSteps * batchSize)]);
  const options: StepSelection = {
    lengths: lengths?.map((length) => Math.min(Math.max(length - from, 0), to - from)),
    inputMask: inputMask && tf.tensor2d(rows(inputMask), [to - from, batchSize]),
  };
  return traced ? unroll(network, tensor, state, { ...options, trace: true }) : unroll(network, tensor, state, options);
}

/** Sets the word of a slot to 0. */
function withErasedSlot(state: DncState, slot: number): DncState {
  const { memory } = state.access;
  const [, slots] = memory.shape;
  const kept = tf.tensor3d(
    Array.from({ length: slots }, (_, index) => (index === slot ? 0 : 1)),
    [1, slots, 1],
  );
  return { ...state, access: { ...state.access, memory: tf.mul(memory, kept) } };
}

/** Joins the parts of a quantity in time. */
async function joined(tensors: readonly (tf.Tensor | undefined)[]): Promise<Quantity> {
  const parts = tensors.filter((tensor) => tensor !== undefined);
  const read = await Promise.all(parts.map((tensor) => tensor.data<"float32">()));
  const data = new Float32Array(read.reduce((size, { length }) => size + length, 0));
  let start = 0;
  for (const values of read) {
    data.set(values, start);
    start += values.length;
  }
  const shape = parts[0]?.shape.slice(1) ?? [];
  return { shape: [parts.reduce((steps, tensor) => steps + (tensor.shape[0] as number), 0), ...shape], data };
}
