import type { NetworkSizes } from "@dnc/core/engine";

/** Where the sections of the interface begin, in the reference's order. */
export interface Face {
  readonly write: number;
  readonly erase: number;
  readonly free: number;
  readonly alloc: number;
  readonly gate: number;
  readonly mode: number;
  readonly writeKey: number;
  readonly writeStrength: number;
  readonly readKey: number;
  readonly readStrength: number;
  /** All its columns. */
  readonly size: number;
  /** Widths of the ten sections. */
  readonly widths: readonly number[];
}

/** Sizes with all that follows from them; letters as in docs/guide/backward-pass.md. */
export interface Dims extends NetworkSizes {
  /** Inputs, outputs, slots, word, read heads, write heads. */
  readonly X: number;
  readonly O: number;
  readonly N: number;
  readonly W: number;
  readonly R: number;
  readonly K: number;
  /** Hidden units of a layer, layers, and units of all layers. */
  readonly h: number;
  readonly L: number;
  readonly H: number;
  /** All words read, and columns of a layer's product: 4 h, h or none. */
  readonly RW: number;
  readonly G: number;
  /** Whether there are cells. */
  readonly lstm: boolean;
  readonly face: Face;
  /** What one read head chooses between. */
  readonly modes: number;
  readonly parameterCount: number;
}

export function dimsOf(sizes: NetworkSizes): Dims {
  const { inputSize: X, outputSize: O, memorySize: N, wordSize: W, readHeads: R, writeHeads: K } = sizes;
  const { hiddenSize: h, layers: L, controller } = sizes;
  const modes = 1 + 2 * K;
  const lstm = controller === "lstm";
  const G = lstm ? 4 * h : controller === "feed-forward" ? h : 0;
  const widths = [K * W, K * W, R, K, K, R * modes, K * W, K, R * W, R];
  const at = [0];
  for (const width of widths) at.push(at[at.length - 1] + width);
  const [write, erase, free, alloc, gate, mode, writeKey, writeStrength, readKey, readStrength, size] = at;
  const face = { write, erase, free, alloc, gate, mode, writeKey, writeStrength, readKey, readStrength, size, widths };
  const dims = { ...sizes, X, O, N, W, R, K, h, L, H: h * L, RW: R * W, G, lstm, face, modes };
  let parameterCount = (dims.H + 1) * size + (dims.H + dims.RW + 1) * O;
  for (let layer = 0; layer < L; layer++) parameterCount += (layerRows(dims, layer) + 1) * G;
  return { ...dims, parameterCount };
}

/** Rows of a layer's weights: inputs, words read, what the layer below puts out, its own past. */
export function layerRows({ X, RW, h, lstm }: Pick<Dims, "X" | "RW" | "h" | "lstm">, layer: number): number {
  return lstm ? X + RW + (layer > 0 ? h : 0) + h : X + RW;
}
