import { stateSections, stepSections } from "../layout.js";
import { planMemory, type SharedArray } from "../plan.js";
import type { Products } from "../products.js";
import type { Dims } from "../sizes.js";
import { Records } from "./records.js";
import { laidOut, Shader, splitsOf } from "./shader.js";

/** Into how many parts the sums of the sweep backward are split. */
export interface BackwardSplits {
  /** Sums over all slots that a read head needs, or a write head. */
  readonly heads: number;
  readonly link: number;
  /** Sums over the word of each slot, and over the slots of each place in a word. */
  readonly word: number;
  readonly slots: number;
  readonly after: number;
}

/** Everything that the phases of the sweep backward share. */
export interface BackwardContext {
  readonly dims: Dims;
  readonly products: Products;
  readonly shader: Shader;
  readonly splits: BackwardSplits;
  readonly memoryStride: number;
  readonly linkStride: number;
  readonly records: Records;
}

/** What of a step is read often: it has a copy in workgroup memory where there is room. */
const STEP = {
  face: "face",
  share: "share",
  writeSimilarity: "writeSimilarity",
  writeContent: "writeContent",
  readSimilarity: "readSimilarity",
  readContent: "readContent",
  forward: "forward",
  backward: "backward",
} as const;

/** The same of the states after and before a step. */
const AFTER = { usage: "usage", readWeights: "readWeights", writeWeights: "writeWeights", norms: "norms" } as const;
const BEFORE = {
  oldUsage: "usage",
  oldReadWeights: "readWeights",
  oldWriteWeights: "writeWeights",
  oldNorms: "norms",
  oldPrecedence: "precedence",
} as const;

/** Names of what is known of a step. */
export type Known = keyof typeof STEP | keyof typeof AFTER | keyof typeof BEFORE;

/** Code for what is known of step t: the copy, or where it comes from. */
export function known({ shader, records }: BackwardContext, name: Known, index: string): string {
  return shader.isShared(name) ? `s_${name}[${index}]` : source(records, name, "t", index);
}

/** Tasks that copy what is known of a step to workgroup memory. */
export function copyTasks({ shader, records, dims }: BackwardContext, t: string): void {
  for (const { name, size } of copies(dims))
    if (shader.isShared(name)) shader.task(size, `s_${name}[e] = ${source(records, name as Known, t, "e")};`);
}

function source(records: Records, name: Known, t: string, index: string): string {
  if (name in STEP) return records.step(STEP[name as keyof typeof STEP], t, index);
  if (name in AFTER) return records.state(AFTER[name as keyof typeof AFTER], `(${t} + 1u)`, index);
  return records.state(BEFORE[name as keyof typeof BEFORE], t, index);
}

function copies(dims: Dims): { name: string; size: number }[] {
  const [steps, states] = [stepSections(dims), stateSections(dims)];
  return [
    ...Object.entries(STEP).map(([name, section]) => ({ name, size: steps[section] })),
    ...Object.entries(AFTER).map(([name, section]) => ({ name, size: states[section] })),
    ...Object.entries(BEFORE).map(([name, section]) => ({ name, size: states[section] })),
  ];
}

/** Places of the sweep backward: what it shares, within `limit` bytes of workgroup memory. */
export function planBackward(dims: Dims, products: Products, threads: number, limit: number, most: number) {
  const { N, W, R, K } = dims;
  const splits: BackwardSplits = {
    heads: Math.min(8, Math.ceil(N / 4)),
    link: splitsOf(threads, K * N, N, Math.ceil(most / (R + 2))),
    word: splitsOf(threads, N, W, most),
    slots: splitsOf(threads, W, N, Math.ceil(most / (2 * K))),
    after: splitsOf(threads, N, N, most),
  };
  const memoryStride = W | 1;
  const linkStride = N | 1;
  const { parts, size } = laidOut({
    rowWeights: K * N * splits.link,
    rowReads: R * K * N * splits.link,
    columnWeights: K * N * splits.link,
    columnPrecedence: K * N * splits.link,
    columnReads: R * K * N * splits.link,
    writeDots: K * N * splits.word,
    vectors: 2 * K * W * splits.slots,
    after: N * splits.after,
  });
  const arrays = backwardArrays(dims, products, splits, size);
  const plan = planMemory(arrays, limit);
  const shader = new Shader(threads, plan, arrays, parts);
  const spilled = arrays.filter(({ name }) => !plan.workgroup.has(name)).map(({ name }) => name);
  const context = { dims, products, shader, splits, memoryStride, linkStride, records: new Records(dims) };
  return { plan, spilled, context: context satisfies BackwardContext };
}

/** How far a product may read beyond the end of what it multiplies. */
export function backwardPadding({ gatesT, faceT }: Products): { gates: number; face: number } {
  return {
    gates: Math.max(...gatesT.map(({ paddedDepth, depth }) => paddedDepth - depth)),
    face: faceT.paddedDepth - faceT.depth,
  };
}

function backwardArrays(dims: Dims, products: Products, splits: BackwardSplits, parts: number): SharedArray[] {
  const { RW, H, G, N, W, R, K, lstm, face, modes } = dims;
  const partial = Math.max(parts, ...[...products.gatesT, products.faceT].map((own) => own.splits * own.paddedColumns));
  const padding = backwardPadding(products);
  const arrays: SharedArray[] = [
    { name: "dWords", size: RW, worth: 10 },
    { name: "dHidden", size: H, worth: 9 },
    { name: "dRaw", size: H, worth: 9 },
    { name: "dCell", size: lstm ? H : 0, worth: 8 },
    { name: "dGates", size: G + padding.gates, worth: 10 },
    { name: "dFace", size: face.size + padding.face, worth: 10 },
    { name: "partial", size: partial, worth: 9 },
    { name: "dUsage", size: N, worth: 7 },
    { name: "dRead", size: R * N, worth: 9 },
    { name: "dWrite", size: K * N, worth: 8 },
    { name: "dPrecedence", size: K * N, worth: 7 },
    { name: "keyNorms", size: K + R, worth: 8 },
    { name: "readSums", size: R * (5 + 2 * K) * splits.heads, worth: 7 },
    { name: "readScales", size: R, worth: 7 },
    { name: "kappa", size: Math.max(R, K) * N, worth: 8 },
    { name: "self", size: Math.max(R, K) * N, worth: 8 },
    { name: "precedenceSums", size: 2 * K * splits.heads, worth: 6 },
    { name: "free", size: N, worth: 8 },
    { name: "dSimulated", size: K > 1 ? N : 0, worth: 7 },
    { name: "dAllocation", size: N, worth: 7 },
    { name: "taken", size: N, worth: 8 },
    { name: "through", size: K > 1 ? N : 0, worth: 7 },
    { name: "headSums", size: 7 * splits.heads, worth: 7 },
    { name: "writeScales", size: K, worth: 7 },
    { name: "freed", size: R * N, worth: 6 },
    { name: "dModes", size: R * modes, worth: 6 },
    ...copies(dims).map(({ name, size }) => ({ name, size, worth: name === "face" ? 8 : 5.5, cache: true })),
    { name: "memory", size: N * (W | 1), worth: 3, cache: true },
    { name: "dMemory", size: N * (W | 1), worth: 4 },
    { name: "dLink", size: K * N * (N | 1), worth: 2 },
  ];
  return arrays.filter(({ size }) => size > 0);
}
