import { stateSections, stepSections } from "../layout.js";
import { type PassOptions, planMemory, type SharedArray } from "../plan.js";
import { type Products, transposedProducts } from "../products.js";
import type { Dims } from "../sizes.js";
import { Records } from "./records.js";
import { ownArrays, placeArrays, Shader, splitCount } from "./shader.js";

/** Number of parts into which the sums of the backward pass are split. */
export interface BackwardSplits {
  /** Sums over all slots that a read or write head needs. */
  readonly heads: number;
  /** Sums over a row or a column of the link. */
  readonly link: number;
  /** Sums over the elements of each word. */
  readonly word: number;
  /** Sums over the slots for each element of a word. */
  readonly slots: number;
  /** Sums over the slots ranked after each slot. */
  readonly after: number;
  /** Sums over the slots for each element of the keys of the read heads, and of the write heads. */
  readonly readKeys: number;
  readonly writeKeys: number;
}

/** What all phases of the backward pass share. */
export interface BackwardContext {
  readonly dims: Dims;
  readonly products: Products;
  readonly shader: Shader;
  readonly splits: BackwardSplits;
  readonly memoryStride: number;
  readonly linkStride: number;
  readonly records: Records;
  /**
   * Whether memory, link or their gradients are in buffers: the loops over them overlap loads, and share sums among all
   * invocations.
   */
  readonly stored: boolean;
}

/** Sections of a step that are read often: copied to workgroup memory if there is room. */
const STEP = {
  interface: "interface",
  rankProduct: "rankProduct",
  writeSimilarity: "writeSimilarity",
  writeContent: "writeContent",
  readSimilarity: "readSimilarity",
  readContent: "readContent",
  forward: "forward",
  backward: "backward",
  forwardRaw: "forwardRaw",
  backwardRaw: "backwardRaw",
  writeNorms: "writeNorms",
  readNorms: "readNorms",
} as const;

/** The same for the state after a step, and for the state before it. */
const AFTER = { usage: "usage", readWeights: "readWeights", writeWeights: "writeWeights", norms: "norms" } as const;
const BEFORE = {
  oldUsage: "usage",
  oldReadWeights: "readWeights",
  oldWriteWeights: "writeWeights",
  oldNorms: "norms",
  oldPrecedence: "precedence",
} as const;

/** Names of the values of a step that may be cached in workgroup memory. */
export type CachedValues = keyof typeof STEP | keyof typeof AFTER | keyof typeof BEFORE;

/** Code for an element of a value of step t: from workgroup memory if it is cached there, else from the records. */
export function cachedValue({ shader, records }: BackwardContext, name: CachedValues, index: string): string {
  return shader.isShared(name) ? `s_${name}[${index}]` : source(records, name, "t", index);
}

/** Writes the tasks that fill the caches with the values of step `t`. */
export function cacheTasks({ shader, records, dims }: BackwardContext, t: string): void {
  for (const { name, size } of caches(dims))
    if (shader.isShared(name)) shader.task(size, `s_${name}[e] = ${source(records, name as CachedValues, t, "e")};`);
}

function source(records: Records, name: CachedValues, t: string, index: string): string {
  if (name in STEP) return records.step(STEP[name as keyof typeof STEP], t, index);
  if (name in AFTER) return records.state(AFTER[name as keyof typeof AFTER], `(${t} + 1u)`, index);
  return records.state(BEFORE[name as keyof typeof BEFORE], t, index);
}

function caches(dims: Dims): { name: string; size: number }[] {
  const [steps, states] = [stepSections(dims), stateSections(dims)];
  return [
    ...Object.entries(STEP).map(([name, section]) => ({ name, size: steps[section] })),
    ...Object.entries(AFTER).map(([name, section]) => ({ name, size: states[section] })),
    ...Object.entries(BEFORE).map(([name, section]) => ({ name, size: states[section] })),
  ];
}

/**
 * Plans the backward pass: how its sums are split, and where its arrays are placed.
 *
 * @param threads - invocations of a workgroup.
 * @param limit - workgroup memory, in bytes.
 * @param maxParts - largest number of partial sums of one kind.
 */
export function planBackward(dims: Dims, products: Products, threads: number, limit: number, maxParts: number) {
  const plan = planWith(dims, products, { threads, limit, maxParts, stored: false });
  const stored = ["memory", "dMemory", "dLink"].some((name) => plan.spilled.includes(name));
  return stored ? planWith(dims, products, { threads, limit, maxParts: Number.POSITIVE_INFINITY, stored }) : plan;
}

function planWith(dims: Dims, products: Products, { threads, limit, maxParts, stored }: PassOptions) {
  const { N, W, R, K, links, deallocation, sharpness } = dims;
  const splits: BackwardSplits = {
    heads: Math.min(stored ? 32 : 8, Math.ceil(N / 4)),
    link: splitCount(threads, K * N, N, Math.ceil(maxParts / (R + 2))),
    word: splitCount(threads, N, W, maxParts),
    slots: splitCount(threads, W, N, Math.ceil(maxParts / (2 * K))),
    after: splitCount(threads, N, N, maxParts),
    readKeys: stored ? splitCount(threads, R * W, N, threads) : 1,
    writeKeys: stored ? splitCount(threads, K * W, N, threads) : 1,
  };
  const memoryStride = W | 1;
  const linkStride = N | 1;
  const linked = links ? K * N * splits.link : 0;
  const sums = {
    rowWeights: linked,
    rowReads: R * linked,
    columnWeights: linked,
    columnPrecedence: linked,
    columnReads: R * linked,
    writeDots: K * N * splits.word,
    vectors: 2 * K * W * splits.slots,
    after: N * splits.after,
    retentionDots: deallocation ? N * splits.word : 0,
    sharpnessSums: sharpness ? 8 * R * K * splits.heads : 0,
  };
  // Of a large memory the sums would leave no room for others: each has a place of its own, in scratch if need be.
  const { parts, size } = placeArrays(stored ? {} : sums);
  const masked = dims.masking ? 2 : 1;
  const more = {
    readParts: R * N * splits.word,
    readKeyParts: masked * R * W * splits.readKeys,
    writeKeyParts: masked * K * W * splits.writeKeys,
    freeGateParts: R * splits.heads,
  };
  const arrays = [...backwardArrays(dims, products, splits, size), ...(stored ? ownArrays({ ...sums, ...more }) : [])];
  const plan = planMemory(arrays, limit);
  const shader = new Shader(threads, plan, arrays, parts, links ? ["memory", "link"] : []);
  const spilled = arrays.filter(({ name }) => !plan.workgroup.has(name)).map(({ name }) => name);
  const context = { dims, products, shader, splits, memoryStride, linkStride, records: new Records(dims), stored };
  return { plan, spilled, context: context satisfies BackwardContext };
}

/** Returns how far products read beyond the end of their input vectors. */
export function backwardPadding(products: Products): { gates: number; interface: number } {
  const { interfaceT } = products;
  return {
    gates: Math.max(...transposedProducts(products).map(({ paddedDepth, depth }) => paddedDepth - depth)),
    interface: interfaceT.paddedDepth - interfaceT.depth,
  };
}

/** Returns the number of sums over slots that each read head needs. */
export function readSums({ K, links }: Dims): number {
  return links ? 5 + 2 * K : 5;
}

function backwardArrays(dims: Dims, products: Products, splits: BackwardSplits, parts: number): SharedArray[] {
  const { RW, H, G, N, W, R, K, lstm, gru, interfaceLayout, links, deallocation, sharpness } = dims;
  const partial = Math.max(
    parts,
    ...[...transposedProducts(products), products.interfaceT].map(
      ({ splits, paddedColumns }) => splits * paddedColumns,
    ),
  );
  const padding = backwardPadding(products);
  const arrays: SharedArray[] = [
    { name: "dWords", size: RW, priority: 10 },
    { name: "dHidden", size: H, priority: 9 },
    { name: "dRaw", size: H, priority: 9 },
    { name: "dCell", size: lstm ? H : 0, priority: 8 },
    { name: "dPrevious", size: gru ? H : 0, priority: 8 },
    { name: "dGates", size: G + padding.gates, priority: 10 },
    { name: "dInterface", size: interfaceLayout.size + padding.interface, priority: 10 },
    { name: "partial", size: partial, priority: 9 },
    { name: "dUsage", size: N, priority: 7 },
    { name: "dRead", size: R * N, priority: 9 },
    { name: "dWrite", size: K * N, priority: 8 },
    { name: "dPrecedence", size: links ? K * N : 0, priority: 7 },
    { name: "keyNorms", size: K + R, priority: 8 },
    { name: "readSums", size: R * readSums(dims) * splits.heads, priority: 7 },
    { name: "readScales", size: R, priority: 7 },
    { name: "kappa", size: Math.max(R, K) * N, priority: 8 },
    { name: "self", size: Math.max(R, K) * N, priority: 8 },
    { name: "precedenceSums", size: links ? 2 * K * splits.heads : 0, priority: 6 },
    { name: "free", size: N, priority: 8 },
    { name: "dSimulated", size: K > 1 ? N : 0, priority: 7 },
    { name: "dAllocation", size: N, priority: 7 },
    { name: "afterTerms", size: N, priority: 8 },
    { name: "gateTerms", size: K > 1 ? N : 0, priority: 7 },
    { name: "headSums", size: 7 * splits.heads, priority: 7 },
    { name: "writeScales", size: K, priority: 7 },
    { name: "freeGateTerms", size: R * N, priority: 6 },
    { name: "retention", size: deallocation ? N : 0, priority: 6 },
    { name: "dForward", size: sharpness ? R * K * N : 0, priority: 7 },
    { name: "dBackward", size: sharpness ? R * K * N : 0, priority: 7 },
    ...caches(dims).map(({ name, size }) => ({ name, size, priority: name === "interface" ? 8 : 5.5, cache: true })),
    { name: "memory", size: N * (W | 1), priority: 3, cache: true },
    { name: "dMemory", size: N * (W | 1), priority: 4 },
    { name: "dLink", size: links ? K * N * (N | 1) : 0, priority: 2 },
  ];
  return arrays.filter(({ size }) => size > 0);
}
