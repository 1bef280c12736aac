/** Attributes of the unroll op: everything that it needs to know about a network and its inputs. */
export interface NetworkSizes {
  /** Type of the controller. `none`: the inputs are used as the controller's output, for a memory access on its own. */
  readonly controller: "lstm" | "gru" | "feed-forward" | "none";
  /** Number of layers of the controller; 1 unless it is a deep LSTM. */
  readonly layers: number;
  /** Number of units in each layer. */
  readonly hiddenSize: number;
  /** Width of an input. */
  readonly inputSize: number;
  /** Width of an output; 0: there is no output layer. */
  readonly outputSize: number;
  /** Number of memory slots N; 0: there is no memory, and the other sizes of memory and heads are 0 too. */
  readonly memorySize: number;
  /** Length W of a memory word. */
  readonly wordSize: number;
  /** Number of read heads R. */
  readonly readHeads: number;
  /** Number of write heads. */
  readonly writeHeads: number;
  /** Bound of the controller's output and state and of the logits; 0: nothing is clipped. */
  readonly clipValue: number;
  /** Whether heads mask what they compare. */
  readonly masking: boolean;
  /** The smallest factor of a masked component; 0 without masking. */
  readonly maskMinimum: number;
  /** Whether slots that are freed are also erased. */
  readonly deallocation: boolean;
  /** Whether forward and backward weights are sharpened. */
  readonly sharpness: boolean;
  /** Whether there are temporal links; false without a memory. */
  readonly links: boolean;
  /** Whether the op has the tensor `inputMask`. */
  readonly inputMask: boolean;
}
