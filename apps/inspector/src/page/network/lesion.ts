/** Lesions of a network: changes to its weights after which a part of its memory has no effect. Any engine computes the result. */

/** Which parts have no effect; a key that is absent: the part is as it was. */
export interface Lesions {
  /** Read heads do not follow links: they read by content alone. The links are still written. */
  readonly noLinks?: boolean | undefined;
  /** Write heads do not write to free slots: they write by content alone. */
  readonly noAllocation?: boolean | undefined;
  /** Indices of the read heads of which the network sees no words and which free nothing. */
  readonly readHeadsOff?: readonly number[] | undefined;
}

/** A slot whose word is set to 0 before a time step. Usage, links and the words that were read stay. */
export interface ErasedSlot {
  readonly slot: number;
  /** Index of the time step before which it is erased. */
  readonly step: number;
}

/** The sizes of a network that decide the layout of its variables; a `CompleteDncConfig` has them. */
export interface LesionedSizes {
  readonly inputSize: number;
  readonly wordSize: number;
  readonly readHeads: number;
  readonly writeHeads: number;
}

/** A variable of a network: its name, shape, and numbers in row-major order. */
export interface NamedWeights {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * A bias so low that a sigmoid is 0 in float32, and so is the share of a softmax, whatever the controller's output is: that is clipped, and so its
 * product with the weights is far smaller. (Kernels whose exponential function does not go below e^-87 get 1e-38, which changes no number above 1e-31.)
 */
const NEVER = -1e9;

/** The layers of all controllers whose first rows are for the inputs and the words of the step before. */
const CONTROLLER = /^dnc\/(?:lstm|deep_lstm\/layer_\d+|gru|feed_forward)\/w(?:_gates|_candidate)?$/;

/**
 * Applies lesions to a variable.
 *
 * - No links: the biases of the modes `backward` and `forward` of every read head are so low that their shares are 0; that of content is then 1.
 * - No allocation: the weights of the allocation gates are 0 and their biases so low that the gates are 0.
 * - A read head off: the rows of the controller's weights and of the output's weights that belong to the words of this head are 0, and its free gate is 0
 *   in the same way.
 *
 * @param sizes - of the network.
 * @param lesions - which parts have no effect.
 * @param variable - one of the network; it is not changed.
 * @returns its numbers: new ones, or those of the variable if no lesion concerns it.
 * @throws RangeError if there is no such read head.
 */
export function lesionedWeights(sizes: LesionedSizes, lesions: Lesions, variable: NamedWeights): Float32Array {
  const { noLinks = false, noAllocation = false, readHeadsOff = [] } = lesions;
  for (const head of readHeadsOff)
    if (!(Number.isInteger(head) && head >= 0 && head < sizes.readHeads))
      throw new RangeError(`readHeadsOff: expected indices from 0 to ${sizes.readHeads - 1}, got ${head}`);
  const edits = [
    ...(noLinks ? [withoutLinks] : []),
    ...(noAllocation ? [withoutAllocation] : []),
    ...readHeadsOff.map((head) => withoutReadHead(head)),
  ];
  return edits.reduce((values, edit) => edit(sizes, { ...variable, values }), variable.values);
}

type Edit = (sizes: LesionedSizes, variable: NamedWeights) => Float32Array;

const withoutLinks: Edit = ({ readHeads, writeHeads }, { name, values }) => {
  if (name !== "dnc/memory_access/read_mode/b") return values;
  const modes = 1 + 2 * writeHeads; // the last one is content
  const changed = values.slice();
  for (let head = 0; head < readHeads; head++) changed.fill(NEVER, head * modes, (head + 1) * modes - 1);
  return changed;
};

const withoutAllocation: Edit = (_sizes, { name, values }) => {
  if (name === "dnc/memory_access/allocation_gate/w") return new Float32Array(values.length);
  return name === "dnc/memory_access/allocation_gate/b" ? new Float32Array(values.length).fill(NEVER) : values;
};

function withoutReadHead(head: number): Edit {
  return ({ inputSize, wordSize, readHeads }, { name, shape, values }) => {
    const [rows = 0, columns = 1] = shape;
    if (CONTROLLER.test(name)) return withZeroRows(values, columns, inputSize + head * wordSize, wordSize);
    if (name === "dnc/output_linear/w")
      return withZeroRows(values, columns, rows - (readHeads - head) * wordSize, wordSize);
    if (name === "dnc/memory_access/free_gate/w")
      return values.map((weight, index) => (index % readHeads === head ? 0 : weight));
    return name === "dnc/memory_access/free_gate/b"
      ? values.map((bias, index) => (index === head ? NEVER : bias))
      : values;
  };
}

function withZeroRows(values: Float32Array, columns: number, first: number, count: number): Float32Array {
  return values.slice().fill(0, first * columns, (first + count) * columns);
}
