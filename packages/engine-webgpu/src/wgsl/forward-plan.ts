import { planMemory, type SharedArray } from "../plan.js";
import type { Products } from "../products.js";
import type { Dims } from "../sizes.js";
import { laidOut, Shader, splitsOf } from "./shader.js";

/** Up to so many slots, each invocation makes a softmax's sums by itself. */
const FEW_SLOTS = 32;

/** Into how many parts the sums of the sweep forward are split. */
export interface ForwardSplits {
  readonly content: number;
  readonly allocation: number;
  readonly reading: number;
  readonly words: number;
  /** Parts of a softmax's statistics; 0: there are none. */
  readonly statistics: number;
}

/** Everything that the phases of the sweep forward share. */
export interface ForwardContext {
  readonly dims: Dims;
  readonly products: Products;
  readonly shader: Shader;
  readonly splits: ForwardSplits;
  readonly memoryStride: number;
  readonly linkStride: number;
}

/** Places of the sweep forward: what it shares, within `limit` bytes of workgroup memory. */
export function planForward(dims: Dims, products: Products, threads: number, limit: number, most: number) {
  const { N, R, K } = dims;
  const splits: ForwardSplits = {
    content: N <= FEW_SLOTS ? 1 : splitsOf(threads, K * N, dims.W, most),
    allocation: splitsOf(threads, N, N, most),
    reading: splitsOf(threads, N, dims.W, Math.ceil(most / (R + 1))),
    words: N <= FEW_SLOTS ? 1 : splitsOf(threads, dims.RW, N, most),
    statistics: N <= FEW_SLOTS ? 0 : Math.ceil(N / Math.ceil(Math.sqrt(N))),
  };
  const memoryStride = dims.W | 1;
  const linkStride = N | 1;
  const { parts, size } = laidOut({
    shares: N * splits.allocation,
    dots: Math.max(splits.content > 1 ? K * N * splits.content : 0, (R + 1) * N * splits.reading),
    forward: R * K * N,
    backward: R * K * N,
  });
  const arrays = forwardArrays(dims, products, splits, size);
  const plan = planMemory(arrays, limit);
  const shader = new Shader(threads, plan, arrays, parts);
  const spilled = arrays.filter(({ name }) => !plan.workgroup.has(name)).map(({ name }) => name);
  return {
    plan,
    spilled,
    context: { dims, products, shader, splits, memoryStride, linkStride } satisfies ForwardContext,
  };
}

function forwardArrays(
  { X, RW, H, L, N, W, R, K, lstm, face }: Dims,
  products: Products,
  splits: ForwardSplits,
  parts: number,
): SharedArray[] {
  const heads = Math.max(R, K);
  const partial = Math.max(
    parts,
    ...[...products.gates, products.face].map(({ splits: parts, paddedColumns }) => parts * paddedColumns),
    splits.words > 1 ? splits.words * RW : 0,
  );
  const padding = rowPadding({ products });
  const arrays: SharedArray[] = [
    { name: "row", size: X + RW + H + padding, worth: 10 },
    { name: "partial", size: partial, worth: 9 },
    { name: "raw", size: L > 1 ? H + padding : 0, worth: 9 },
    { name: "cell", size: lstm ? H : 0, worth: 8 },
    { name: "face", size: face.size, worth: 8 },
    { name: "free", size: N, worth: 8 },
    { name: "usage", size: N, worth: 7 },
    { name: "simulated", size: K > 1 ? N : 0, worth: 7 },
    { name: "precedence", size: K * N, worth: 7 },
    { name: "norms", size: N, worth: 7 },
    { name: "keyNorms", size: K + R, worth: 8 },
    { name: "readWeights", size: R * N, worth: 7 },
    { name: "writeWeights", size: K * N, worth: 7 },
    { name: "similarity", size: heads * N, worth: 7 },
    { name: "statistics", size: 2 * heads * splits.statistics, worth: 6 },
    { name: "writeSums", size: 8 * K, worth: 6 },
    { name: "memory", size: N * (W | 1), worth: 3, cache: true },
    { name: "link", size: K * N * (N | 1), worth: 2, cache: true },
  ];
  return arrays.filter(({ size }) => size > 0);
}

/** How far a product may read beyond the end of what it multiplies. */
export function rowPadding({ products }: Pick<ForwardContext, "products">): number {
  return Math.max(...[...products.gates, products.face].map(({ paddedDepth, depth }) => paddedDepth - depth));
}
