import type { NetworkSizes } from "@dnc/core/engine";

/** Offsets of the sections of the interface vector, in the reference's order. */
export interface InterfaceLayout {
  readonly writeVector: number;
  readonly eraseVector: number;
  readonly freeGate: number;
  readonly allocationGate: number;
  readonly writeGate: number;
  readonly readMode: number;
  readonly writeKey: number;
  readonly writeStrength: number;
  readonly readKey: number;
  readonly readStrength: number;
  /** Sections that only variants of the memory have; others have a width of 0. */
  readonly writeMask: number;
  readonly readMask: number;
  readonly forwardSharpness: number;
  readonly backwardSharpness: number;
  /** Width of the whole vector. */
  readonly size: number;
  /** Widths of all sections; 0 for those that the network does not have. */
  readonly widths: readonly number[];
}

/** Sizes of a network and those derived from them, with the letters of docs/guide/backward-pass.md. */
export interface Dims extends NetworkSizes {
  /** Number of inputs, outputs, memory slots, elements of a word, read heads and write heads. */
  readonly X: number;
  readonly O: number;
  readonly N: number;
  readonly W: number;
  readonly R: number;
  readonly K: number;
  /** Hidden units per layer, layers, and hidden units of all layers. */
  readonly h: number;
  readonly L: number;
  readonly H: number;
  /** Width of all words read, and columns of a controller layer's gates: 4 h, 3 h with the candidate of a GRU, h or 0. */
  readonly RW: number;
  readonly G: number;
  /** Whether the controller is an LSTM: its units have cells. */
  readonly lstm: boolean;
  readonly gru: boolean;
  /** Whether the controller reads its own previous hidden units. */
  readonly recurrent: boolean;
  readonly interfaceLayout: InterfaceLayout;
  /** Read modes per read head: 1 + 2 K; 0 without links. */
  readonly modes: number;
  readonly parameterCount: number;
}

/** Derives all sizes of a network. */
export function dimsOf(sizes: NetworkSizes): Dims {
  const { inputSize: X, outputSize: O, memorySize: N, wordSize: W, readHeads: R, writeHeads: K } = sizes;
  const { hiddenSize: h, layers: L, controller } = sizes;
  const { masking, sharpness, links } = sizes;
  const modes = links ? 1 + 2 * K : 0;
  const lstm = controller === "lstm";
  const gru = controller === "gru";
  const recurrent = lstm || gru;
  const G = { lstm: 4 * h, gru: 3 * h, "feed-forward": h, none: 0 }[controller];
  const masks = masking ? [K * W, R * W] : [0, 0];
  const widths = [K * W, K * W, R, K, K, R * modes, K * W, K, R * W, R, ...masks];
  widths.push(...(sharpness ? [R * K, R * K] : [0, 0]));
  const at = [0];
  for (const width of widths) at.push(at[at.length - 1] + width);
  const interfaceLayout: InterfaceLayout = {
    writeVector: at[0],
    eraseVector: at[1],
    freeGate: at[2],
    allocationGate: at[3],
    writeGate: at[4],
    readMode: at[5],
    writeKey: at[6],
    writeStrength: at[7],
    readKey: at[8],
    readStrength: at[9],
    writeMask: at[10],
    readMask: at[11],
    forwardSharpness: at[12],
    backwardSharpness: at[13],
    size: at[14],
    widths,
  };
  const kinds = { lstm, gru, recurrent };
  const dims = { ...sizes, X, O, N, W, R, K, h, L, H: h * L, RW: R * W, G, ...kinds, interfaceLayout, modes };
  let parameterCount = (dims.H + 1) * interfaceLayout.size;
  parameterCount += (dims.H + dims.RW + 1) * O;
  for (let layer = 0; layer < L; layer++) parameterCount += (layerRows(dims, layer) + 1) * G;
  return { ...dims, parameterCount };
}

/**
 * Returns the number of rows of a layer's weights: inputs, words read, hidden units of the layer below, previous hidden
 * units of the layer.
 */
export function layerRows({ X, RW, h, recurrent }: Pick<Dims, "X" | "RW" | "h" | "recurrent">, layer: number): number {
  return recurrent ? X + RW + (layer > 0 ? h : 0) + h : X + RW;
}
