import type { Dims } from "./sizes.js";

/** Widths of the sections of a record: what there is of one step and one batch element. */
type Sections = Readonly<Record<string, number>>;

/** What is kept of every state but memory and link: `[section][time + 1][batch][width]`. */
export function stateSections({ RW, H, N, R, K, lstm }: Dims) {
  return {
    words: RW,
    hidden: H,
    cell: lstm ? H : 0,
    usage: N,
    readWeights: R * N,
    writeWeights: K * N,
    precedence: K * N,
    norms: N,
  };
}

/** What is kept of every step for the way back: `[section][time][batch][width]`, after all states. */
export function stepSections({ L, G, H, N, R, K, lstm, face }: Dims) {
  return {
    gates: L * G,
    cellTanh: lstm ? H : 0,
    hiddenRaw: H,
    face: face.size,
    share: K * N,
    writeSimilarity: K * N,
    writeContent: K * N,
    readSimilarity: R * N,
    readContent: R * N,
    forward: R * K * N,
    backward: R * K * N,
  };
}

/** Gradients that all steps leave behind: `[section][time][batch][width]`. */
export function deltaSections({ X, L, G, face }: Dims) {
  return { inputs: X, gates: L * G, face: face.size };
}

/** Gradients that are carried from step to step: `[section][batch][width]`. */
export function carrySections({ RW, H, N, W, R, K, lstm }: Dims) {
  return {
    words: RW,
    hidden: H,
    cell: lstm ? H : 0,
    usage: N,
    readWeights: R * N,
    writeWeights: K * N,
    precedence: K * N,
    memory: N * W,
    link: K * N * N,
  };
}

/** What belongs to the output layer: `[section][time][batch][width]`. */
export function outputSections({ O, RW, H }: Dims) {
  return { logits: O, raw: O, dLogits: O, dRow: RW + H, loss: 1, wrong: 1 };
}

/** Width of all sections together. */
export function widthOf(sections: Sections): number {
  return Object.values(sections).reduce((sum, width) => sum + width, 0);
}

/** Where a section begins: widths of those before it. */
export function before(sections: Sections, name: string): number {
  let sum = 0;
  for (const [other, width] of Object.entries(sections)) {
    if (other === name) return sum;
    sum += width;
  }
  throw new Error(`section: expected one of ${Object.keys(sections).join(", ")}, got ${name}`);
}
