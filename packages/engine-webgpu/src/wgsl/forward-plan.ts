import { type PassOptions, planMemory, type SharedArray } from "../plan.js";
import { controllerProducts, type Products } from "../products.js";
import type { Dims } from "../sizes.js";
import { ownArrays, placeArrays, Shader, splitCount } from "./shader.js";

/** Up to this number of slots, each invocation computes the sum of a softmax by itself. */
const FEW_SLOTS = 32;

/** Number of parts into which the sums of the forward pass are split. */
export interface ForwardSplits {
  /** Dot products of write keys and words. */
  readonly content: number;
  /** Products of usages. */
  readonly allocation: number;
  /** Dot products of read keys and words. */
  readonly reading: number;
  /** Words read. */
  readonly words: number;
  /** Number of ranges of slots, each with its own softmax statistics; 0: no statistics. */
  readonly statistics: number;
  /** Statistics of sharpened weights; 0: nothing is sharpened. */
  readonly sharpening: number;
  /** Rows and columns of a link that is in its buffer; 0: it is in workgroup memory. */
  readonly link: number;
}

/** What all phases of the forward pass share. */
export interface ForwardContext {
  readonly dims: Dims;
  readonly products: Products;
  readonly shader: Shader;
  readonly splits: ForwardSplits;
  readonly memoryStride: number;
  readonly linkStride: number;
  /** Whether memory or link are in their buffers: the loops over them overlap loads, and share sums among all invocations. */
  readonly stored: boolean;
}

/**
 * Plans the forward pass: how its sums are split, and where its arrays are placed.
 *
 * @param threads - invocations of a workgroup.
 * @param limit - workgroup memory, in bytes.
 * @param maxParts - largest number of partial sums of one kind.
 */
export function planForward(dims: Dims, products: Products, threads: number, limit: number, maxParts: number) {
  const plan = planWith(dims, products, { threads, limit, maxParts, stored: false });
  const stored = dims.N > FEW_SLOTS && ["memory", "link"].some((name) => plan.spilled.includes(name));
  return stored ? planWith(dims, products, { threads, limit, maxParts: Number.POSITIVE_INFINITY, stored }) : plan;
}

function planWith(dims: Dims, products: Products, { threads, limit, maxParts, stored }: PassOptions) {
  const { N, W, R, K, links, masking, sharpness } = dims;
  const norms = masking ? R : 1;
  const splits: ForwardSplits = {
    content: N <= FEW_SLOTS ? 1 : splitCount(threads, K * N, W, maxParts),
    allocation: splitCount(threads, N, N, maxParts),
    reading: splitCount(threads, N, W, Math.ceil(maxParts / (R + norms))),
    words: N <= FEW_SLOTS ? 1 : splitCount(threads, dims.RW, N, maxParts),
    statistics: N <= FEW_SLOTS ? 0 : Math.ceil(N / Math.ceil(Math.sqrt(N))),
    sharpening: sharpness ? Math.min(8, Math.ceil(N / 4)) : 0,
    link: stored && links ? splitCount(threads, K * N, N, threads) : 0,
  };
  const memoryStride = W | 1;
  const linkStride = N | 1;
  const sums = {
    rankProductParts: N * splits.allocation,
    dots: Math.max(splits.content > 1 ? K * N * splits.content : 0, (R + norms) * N * splits.reading),
    forward: links ? R * K * N : 0,
    backward: links ? R * K * N : 0,
    normParts: masking && splits.statistics > 0 ? K * N * splits.content : 0,
    sharpening: 4 * R * K * splits.sharpening,
  };
  // Of a large memory the sums would leave no room for others: each has a place of its own, in scratch if need be.
  const { parts, size } = placeArrays(stored ? {} : sums);
  const linkParts = R * K * N * splits.link;
  const arrays = [
    ...forwardArrays(dims, products, splits, size),
    ...(stored ? ownArrays({ ...sums, forwardParts: linkParts, backwardParts: linkParts }) : []),
  ];
  const plan = planMemory(arrays, limit);
  const buffered = [...(N > 0 ? ["memory"] : []), ...(links ? ["link"] : [])];
  const shader = new Shader(threads, plan, arrays, parts, buffered);
  const spilled = arrays.filter(({ name }) => !plan.workgroup.has(name)).map(({ name }) => name);
  return {
    plan,
    spilled,
    context: { dims, products, shader, splits, memoryStride, linkStride, stored } satisfies ForwardContext,
  };
}

function forwardArrays(
  { X, RW, H, L, N, W, R, K, lstm, gru, interfaceLayout, links, masking, deallocation }: Dims,
  products: Products,
  splits: ForwardSplits,
  parts: number,
): SharedArray[] {
  const heads = Math.max(R, K);
  const partial = Math.max(
    parts,
    ...[...controllerProducts(products), products.interface].map(
      ({ splits: parts, paddedColumns }) => parts * paddedColumns,
    ),
    splits.words > 1 ? splits.words * RW : 0,
  );
  const padding = rowPadding({ products });
  const arrays: SharedArray[] = [
    { name: "row", size: X + RW + H + padding, priority: 10 },
    { name: "partial", size: partial, priority: 9 },
    { name: "raw", size: L > 1 ? H + padding : 0, priority: 9 },
    { name: "cell", size: lstm ? H : 0, priority: 8 },
    { name: "resetHidden", size: gru ? H + padding : 0, priority: 8 },
    { name: "interface", size: interfaceLayout.size, priority: 8 },
    { name: "free", size: N, priority: 8 },
    { name: "usage", size: N, priority: 7 },
    { name: "simulated", size: K > 1 ? N : 0, priority: 7 },
    { name: "precedence", size: links ? K * N : 0, priority: 7 },
    { name: "norms", size: masking ? 0 : N, priority: 7 },
    { name: "retention", size: deallocation ? N : 0, priority: 7 },
    { name: "keyNorms", size: K + R, priority: 8 },
    { name: "readWeights", size: R * N, priority: 7 },
    { name: "writeWeights", size: K * N, priority: 7 },
    { name: "similarity", size: heads * N, priority: 7 },
    { name: "statistics", size: 2 * heads * splits.statistics, priority: 6 },
    { name: "writeSums", size: links ? 8 * K : 0, priority: 6 },
    { name: "memory", size: N * (W | 1), priority: 3, cache: true },
    { name: "link", size: links ? K * N * (N | 1) : 0, priority: 2, cache: true },
  ];
  return arrays.filter(({ size }) => size > 0);
}

/** Returns how far products read beyond the end of the row. */
export function rowPadding({ products }: Pick<ForwardContext, "products">): number {
  return Math.max(
    ...[...controllerProducts(products), products.interface].map(({ paddedDepth, depth }) => paddedDepth - depth),
  );
}
