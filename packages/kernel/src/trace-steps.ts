/** Traces: quantities of every step, as the definition has them, read from the kernel's memory. */
import { mapState, type NetworkSizes, type UnrollState } from "@dnc/core/engine";
import type { ArrayField, NumberField } from "./generated/plan.js";
import type { KernelNetwork } from "./host.js";
import { logitRows, readRows } from "./rows.js";
import { putState, stateWidths, takeState } from "./state.js";

/** Where a quantity of one step is: its array, the shape of one sequence, and for the rows of wider arrays where it begins. */
type Place = {
  readonly field: ArrayField;
  readonly shape: readonly number[];
  /** Whether it is a part of the state: after a step, that is the second part of its array. */
  readonly isState?: boolean;
  readonly stride?: NumberField;
  readonly begin?: NumberField | number;
};

/** Quantities of a trace, `[time, batch, ...]`, with outputs and final state. */
export type KernelTrace = {
  readonly logits: Float32Array;
  readonly finalState: UnrollState<Float32Array>;
  readonly quantities: {
    readonly [name: string]: { readonly shape: readonly number[]; readonly values: Float32Array };
  };
};

/** What a trace is of; all arrays are time-major. */
export type TracedSequence = {
  readonly timeSteps: number;
  readonly batchSize: number;
  /** `[time, batch, inputSize]`. */
  readonly inputs: Float32Array;
  readonly initialState: UnrollState<Float32Array>;
};

/**
 * Whether a kernel has all these quantities, by the names of `TRACE_DIMENSIONS`: those that a step leaves in its memory.
 *
 * @param sizes - the network's sizes.
 * @param quantities - the names.
 */
export function hasQuantities(sizes: NetworkSizes, quantities: readonly string[]): boolean {
  const places = placesOf(sizes);
  return quantities.every((name) => Object.hasOwn(places, name));
}

/**
 * Runs a sequence step by step, so that the network needs memory for one step only.
 *
 * @param network - prepared for one step without history, with its parameters.
 * @param sequence - the sequence and the state before it.
 * @param quantities - names, of those that `hasQuantities` accepts.
 */
export function traceSteps(
  network: KernelNetwork,
  { timeSteps, batchSize, inputs, initialState }: TracedSequence,
  quantities: readonly string[],
): KernelTrace {
  const { sizes } = network;
  const places = placesOf(sizes);
  const readers = quantities.map((name) => {
    const { shape, ...place } = places[name];
    const size = batchSize * product(shape);
    const values = new Float32Array(timeSteps * size);
    const read = (step: number) =>
      readStep(network, { ...place, shape }, values.subarray(step * size, (step + 1) * size));
    return { name, read, result: { shape: [timeSteps, batchSize, ...shape], values } };
  });
  const carry = stateCarrier(network, batchSize);
  const width = batchSize * sizes.inputSize;
  const logits = new Float32Array(timeSteps * batchSize * sizes.outputSize);
  mapState((name) => putState(network, name, initialState[name], batchSize));
  for (let step = 0; step < timeSteps; step++) {
    if (step > 0) carry();
    network.write("inputs", 0, inputs.subarray(step * width, (step + 1) * width));
    network.run("forward");
    logits.set(readRows(network, logitRows(network, "logits", batchSize)), step * batchSize * sizes.outputSize);
    for (const { read } of readers) read(step);
  }
  const widths = stateWidths(sizes);
  const finalState = mapState((name) =>
    takeState(network, name, { batchSize, size: batchSize * widths[name], step: 1 }),
  );
  return { logits, finalState, quantities: Object.fromEntries(readers.map(({ name, result }) => [name, result])) };
}

/** Reads a quantity of the step that has run. */
function readStep(network: KernelNetwork, place: Place, into: Float32Array): void {
  const { field, shape, isState = false, stride: strideField, begin = 0 } = place;
  if (strideField === undefined) {
    network.read(field, isState ? into.length : 0, into);
    return;
  }
  const [width, stride] = [product(shape), network.get(strideField)];
  const count = into.length / width;
  const first = typeof begin === "number" ? begin : network.get(begin);
  into.set(readRows(network, { field, at: (isState ? count * stride : 0) + first, stride, count, width }));
}

/** Returns a function that makes the state after a step the state before the next one. */
function stateCarrier(network: KernelNetwork, batchSize: number): () => void {
  const { readWords: _, hidden: __, precedenceWeights: precedence, ...rest } = stateWidths(network.sizes);
  const widths = { ...rest, precedence, carried: network.get("carryPad") };
  const parts = Object.entries(widths).filter(([, width]) => width > 0);
  const copies = parts.map(([field, width]) => [field as ArrayField, new Float32Array(batchSize * width)] as const);
  return () => {
    for (const [field, values] of copies) {
      network.read(field, values.length, values);
      network.write(field, 0, values);
    }
  };
}

/** The quantities that a network has. */
function placesOf(sizes: NetworkSizes): { readonly [quantity: string]: Place } {
  const { memorySize: N, wordSize: W, readHeads: R, writeHeads: K, links, masking, layers, hiddenSize } = sizes;
  if (N === 0) return {};
  const state = (field: ArrayField, ...shape: number[]): Place => ({ field, shape, isState: true });
  const step = (field: ArrayField, ...shape: number[]): Place => ({ field, shape });
  const section = (begin: NumberField, ...shape: number[]): Place => ({
    ...{ field: "interface", shape, stride: "interfacePad", begin },
  });
  const carried = (begin: NumberField | number, ...shape: number[]): Place => ({
    ...{ field: "carried", shape, isState: true, stride: "carryPad", begin },
  });
  return {
    memory: state("memory", N, W),
    usage: state("usage", N),
    ...(links && { link: state("link", K, N, N), precedenceWeights: state("precedence", K, N) }),
    writeWeights: state("writeWeights", K, N),
    writeContentWeights: step("writeContent", K, N),
    allocationWeights: step("allocation", K, N),
    writeGate: section("writeGateAt", K),
    allocationGate: section("allocationGateAt", K),
    writeKeys: section("writeKeyAt", K, W),
    writeStrengths: section("writeStrengthAt", K),
    writeVectors: section("writeVectorAt", K, W),
    eraseVectors: section("eraseVectorAt", K, W),
    readWeights: state("readWeights", R, N),
    readContentWeights: step("readContent", R, N),
    ...(links && { forwardWeights: step("forward", R, K, N), backwardWeights: step("backward", R, K, N) }),
    ...(links && { readMode: section("readModeAt", R, 1 + 2 * K) }),
    readKeys: section("readKeyAt", R, W),
    readStrengths: section("readStrengthAt", R),
    ...(masking && { writeMasks: section("writeMaskAt", K, W), readMasks: section("readMaskAt", R, W) }),
    freeGate: section("freeGateAt", R),
    readWords: carried(sizes.inputSize, R, W),
    controllerOutput: carried("hiddenAt", layers * hiddenSize),
  };
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
