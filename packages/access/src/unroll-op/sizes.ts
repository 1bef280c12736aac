/** Attributes of the unroll op: everything that it needs to know about a network. */
export interface NetworkSizes {
  /** Type of the controller. `none`: the inputs are used as the controller's output, for a memory access on its own. */
  readonly controller: "lstm" | "feed-forward" | "none";
  /** Number of layers of the controller; 1 unless it is a deep LSTM. */
  readonly layers: number;
  /** Number of units in each layer. */
  readonly hiddenSize: number;
  /** Width of an input. */
  readonly inputSize: number;
  /** Width of an output; 0: there is no output layer. */
  readonly outputSize: number;
  /** Number of memory slots N. */
  readonly memorySize: number;
  /** Length W of a memory word. */
  readonly wordSize: number;
  /** Number of read heads R. */
  readonly readHeads: number;
  /** Number of write heads. */
  readonly writeHeads: number;
  /** Bound of the controller's output and state and of the logits; 0: nothing is clipped. */
  readonly clipValue: number;
}
