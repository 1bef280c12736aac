import type { Dims } from "./sizes.js";

/** Widths of the sections of a buffer, by name, for one time step and one batch element. */
type Sections = Readonly<Record<string, number>>;

/** Sections of every state except memory and link: `[section][timeSteps + 1][batchSize][width]`. */
export function stateSections({ RW, H, N, R, K, lstm, links, masking, inputMask }: Dims) {
  return {
    words: RW,
    hidden: H,
    cell: lstm ? H : 0,
    usage: N,
    readWeights: R * N,
    writeWeights: K * N,
    precedence: links ? K * N : 0,
    norms: masking ? 0 : N,
    /** 1 if the step before was run, 0 if the input mask omitted it. */
    run: inputMask ? 1 : 0,
  };
}

/** Values of every step that the backward pass needs: `[section][timeSteps][batchSize][width]`, after all states. */
export function stepSections({ L, G, H, N, R, K, lstm, interfaceLayout, masking, sharpness, links }: Dims) {
  const followed = links ? R * K * N : 0;
  return {
    gates: L * G,
    cellTanh: lstm ? H : 0,
    hiddenRaw: H,
    interface: interfaceLayout.size,
    rankProduct: K * N,
    writeSimilarity: K * N,
    writeContent: K * N,
    readSimilarity: R * N,
    readContent: R * N,
    forward: followed,
    backward: followed,
    /** Before sharpening. */
    forwardRaw: sharpness ? followed : 0,
    backwardRaw: sharpness ? followed : 0,
    /** Norms of words, masked by each head. */
    writeNorms: masking ? K * N : 0,
    readNorms: masking ? R * N : 0,
  };
}

/** Gradients of every step, which the weight gradients need: `[section][timeSteps][batchSize][width]`. */
export function deltaSections({ X, L, G, interfaceLayout }: Dims) {
  return { inputs: X, gates: L * G, interface: interfaceLayout.size };
}

/** Gradients of a state, carried from step to step: `[section][batchSize][width]`. */
export function carrySections({ RW, H, N, W, R, K, lstm, links }: Dims) {
  return {
    words: RW,
    hidden: H,
    cell: lstm ? H : 0,
    usage: N,
    readWeights: R * N,
    writeWeights: K * N,
    precedence: links ? K * N : 0,
    memory: N * W,
    link: links ? K * N * N : 0,
  };
}

/** Values and gradients of the output layer: `[section][timeSteps][batchSize][width]`. */
export function outputSections({ O, RW, H }: Dims) {
  return { logits: O, raw: O, dLogits: O, dRow: RW + H, loss: 1, wrong: 1 };
}

/** Returns the width of all sections together. */
export function widthOf(sections: Sections): number {
  return Object.values(sections).reduce((sum, width) => sum + width, 0);
}

/** Returns where a section begins: the width of all sections before it. */
export function offsetOf(sections: Sections, name: string): number {
  let sum = 0;
  for (const [other, width] of Object.entries(sections)) {
    if (other === name) return sum;
    sum += width;
  }
  throw new Error(`section: expected one of ${Object.keys(sections).join(", ")}, got ${name}`);
}
