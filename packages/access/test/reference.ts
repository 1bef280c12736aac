/** One step of memory access in plain numbers, written from the definition without using `src`. */
import type { AccessTrace, CompleteMemoryVariants } from "../src/index.js";

type Vector = number[];
type Matrix = Vector[];
type Cube = Matrix[];

/** Sizes of a memory and its heads, and the variants that differ from the paper. */
export type Sizes = {
  memorySize: number;
  wordSize: number;
  readHeads: number;
  writeHeads: number;
} & Partial<CompleteMemoryVariants>;

/** Parameters by layer: `{ write_vectors: { w, b }, ... }`. */
export type ReferenceParameters = Record<string, { w: Matrix; b: Vector }>;

/** An `AccessState` in numbers; without links `linkage` has empty lists. */
export type ReferenceState = {
  memory: Cube;
  readWeights: Cube;
  writeWeights: Cube;
  linkage: { link: Cube[]; precedenceWeights: Cube };
  usage: Matrix;
};

export type ReferenceStep = {
  output: Cube;
  state: ReferenceState;
  trace: Partial<Record<keyof AccessTrace, Cube[] | Cube | Matrix>>;
};

const EPSILON = 1e-6;

/**
 * @param usageWrites - the previous write weights that usage is computed from, separate from the state's, because no
 *   gradient flows there.
 */
export function referenceStep(
  parameters: ReferenceParameters,
  inputs: Matrix,
  state: ReferenceState,
  sizes: Sizes,
  usageWrites: Cube = state.writeWeights,
): ReferenceStep {
  const { masking = false, deallocation = false, links = true } = sizes;
  const minimum = masking === false ? 0 : masking.minimum;
  const elements = inputs.map((x, b) => {
    const controls = controlsOf(parameters, x, sizes);
    const { memory: memoryBefore, readWeights: readBefore, linkage, usage: usageBefore } = state;

    const retention = usageBefore[b].map((_, i) => {
      let retained = 1;
      for (const [r, weights] of readBefore[b].entries()) retained *= 1 - controls.freeGate[r] * weights[i];
      return retained;
    });
    const usage = usageBefore[b].map((before, i) => {
      let untouched = 1;
      for (const w of usageWrites[b]) untouched *= 1 - w[i];
      return (before + (1 - before) * (1 - untouched)) * retention[i];
    });

    const factors = (mask: Vector | undefined) => mask?.map((value) => minimum + (1 - minimum) * value);
    const writeContent = controls.writeKeys.map((key, k) =>
      contentWeighting(memoryBefore[b], key, controls.writeStrengths[k], factors(controls.writeMasks?.[k])),
    );
    let simulated = usage;
    const allocation = controls.writeGate.map((writeGate, k) => {
      const weights = allocationWeighting(simulated);
      simulated = simulated.map((u, i) => u + (1 - u) * controls.allocationGate[k] * writeGate * weights[i]);
      return weights;
    });
    const writeWeights = controls.writeGate.map((writeGate, k) => {
      const byAllocation = controls.allocationGate[k];
      return allocation[k].map((a, i) => writeGate * (byAllocation * a + (1 - byAllocation) * writeContent[k][i]));
    });

    const memory = memoryBefore[b].map((word, i) =>
      word.map((before, j) => {
        let [retained, added] = [1, 0];
        for (const [k, weights] of writeWeights.entries()) {
          retained *= 1 - weights[i] * controls.eraseVectors[k][j];
          added += weights[i] * controls.writeVectors[k][j];
        }
        return before * (deallocation ? retention[i] : 1) * retained + added;
      }),
    );

    const precedenceBefore = linkage.precedenceWeights[b];
    const link = (links ? writeWeights : []).map((w, k) =>
      w.map((wi, i) =>
        w.map((wj, j) => (i === j ? 0 : (1 - wi - wj) * linkage.link[b][k][i][j] + wi * precedenceBefore[k][j])),
      ),
    );
    const precedenceWeights = (links ? writeWeights : []).map((w, k) => {
      const total = w.reduce((sum, wi) => sum + wi, 0);
      return w.map((wi, i) => (1 - total) * precedenceBefore[k][i] + wi);
    });

    const readContent = controls.readKeys.map((key, r) =>
      contentWeighting(memory, key, controls.readStrengths[r], factors(controls.readMasks?.[r])),
    );
    const sharp = (weights: Vector, power: number | undefined) =>
      power === undefined ? weights : sharpened(weights, power);
    const forward = readBefore[b].map((weights, r) =>
      link.map((l, k) =>
        sharp(
          l.map((row) => dot(row, weights)),
          controls.forwardSharpness?.[r][k],
        ),
      ),
    );
    const backward = readBefore[b].map((weights, r) =>
      link.map((l, k) =>
        sharp(
          l.map((_, j) => dot(column(l, j), weights)),
          controls.backwardSharpness?.[r][k],
        ),
      ),
    );
    const { writeHeads } = sizes;
    const readWeights = readContent.map((content, r) =>
      content.map((c, i) => {
        const mode = controls.readMode?.[r];
        if (mode === undefined) return c;
        let weight = mode[2 * writeHeads] * c;
        for (let k = 0; k < writeHeads; k++)
          weight += mode[k] * backward[r][k][i] + mode[writeHeads + k] * forward[r][k][i];
        return weight;
      }),
    );
    const output = readWeights.map((weights) => memory[0].map((_, j) => dot(weights, column(memory, j))));
    const chosen = { writeContent, allocation, readContent, forward, backward };
    return { controls, usage, writeWeights, memory, link, precedenceWeights, readWeights, output, ...chosen };
  });

  const each = <T>(pick: (element: (typeof elements)[number]) => T): T[] => elements.map(pick);
  const controlNames = Object.keys(elements[0].controls) as (keyof (typeof elements)[number]["controls"])[];
  const controls = controlNames.map((name) => [name, each((e) => e.controls[name])]);
  return {
    output: each((e) => e.output),
    state: {
      memory: each((e) => e.memory),
      readWeights: each((e) => e.readWeights),
      writeWeights: each((e) => e.writeWeights),
      linkage: links
        ? { link: each((e) => e.link), precedenceWeights: each((e) => e.precedenceWeights) }
        : structuredClone(state.linkage),
      usage: each((e) => e.usage),
    },
    trace: {
      ...Object.fromEntries(controls),
      writeContentWeights: each((e) => e.writeContent),
      allocationWeights: each((e) => e.allocation),
      readContentWeights: each((e) => e.readContent),
      ...(links && { forwardWeights: each((e) => e.forward), backwardWeights: each((e) => e.backward) }),
    },
  };
}

function controlsOf(parameters: ReferenceParameters, x: Vector, sizes: Sizes) {
  const { wordSize, readHeads, writeHeads, masking = false, sharpness = false, links = true } = sizes;
  const layer = (name: string): Vector =>
    parameters[name].b.map((bias, unit) => bias + dot(x, column(parameters[name].w, unit)));
  const perHead = (values: Vector, heads: number): Matrix => {
    const size = values.length / heads;
    return Array.from({ length: heads }, (_, head) => values.slice(head * size, (head + 1) * size));
  };
  const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
  const words = (name: string, heads: number) => {
    const values = layer(name);
    if (values.length !== heads * wordSize) throw new Error(`${name} has ${values.length} units`);
    return perHead(values, heads);
  };
  const masks = (name: string, heads: number) => words(name, heads).map((vector) => vector.map(sigmoid));
  const powers = (name: string) =>
    perHead(layer(name), readHeads).map((raw) => raw.map((value) => 1 + softplus(value)));
  return {
    writeVectors: words("write_vectors", writeHeads),
    eraseVectors: words("erase_vectors", writeHeads).map((vector) => vector.map(sigmoid)),
    freeGate: layer("free_gate").map(sigmoid),
    allocationGate: layer("allocation_gate").map(sigmoid),
    writeGate: layer("write_gate").map(sigmoid),
    ...(links && { readMode: perHead(layer("read_mode"), readHeads).map(softmax) }),
    writeKeys: words("write_keys", writeHeads),
    writeStrengths: layer("write_strengths"),
    readKeys: words("read_keys", readHeads),
    readStrengths: layer("read_strengths"),
    ...(masking && { writeMasks: masks("write_masks", writeHeads), readMasks: masks("read_masks", readHeads) }),
    ...(sharpness && {
      forwardSharpness: powers("forward_sharpness"),
      backwardSharpness: powers("backward_sharpness"),
    }),
  };
}

/** @param factors - one per component of key and words; default: 1. */
function contentWeighting(memory: Matrix, key: Vector, strength: number, factors = key.map(() => 1)): Vector {
  const norm = (x: Vector) => Math.sqrt(dot(x, x) + EPSILON);
  const masked = (x: Vector) => x.map((value, index) => value * factors[index]);
  const sought = masked(key);
  const similarity = (word: Vector) => dot(sought, word) / (norm(sought) * norm(word) + EPSILON);
  return softmax(memory.map((word) => softplus(strength) * similarity(masked(word))));
}

function sharpened(weights: Vector, power: number): Vector {
  const largest = Math.max(...weights) + EPSILON;
  const powers = weights.map((weight) => ((weight + EPSILON) / largest) ** power);
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}

/** Computes the allocation weighting, without the reference's float32 ties: the usages here are not that close. */
function allocationWeighting(usage: Vector): Vector {
  const full = usage.map((u) => EPSILON + (1 - EPSILON) * u);
  const order = full.map((_, slot) => slot).sort((i, j) => full[i] - full[j] || i - j);
  const weights = full.map(() => 0);
  let left = 1;
  for (const slot of order) {
    weights[slot] = (1 - full[slot]) * left;
    left *= full[slot];
  }
  return weights;
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function softmax(x: Vector): Vector {
  const exponentials = x.map((value) => Math.exp(value - Math.max(...x)));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
}

function dot(x: Vector, y: Vector): number {
  return x.reduce((sum, value, index) => sum + value * y[index], 0);
}

function column(rows: Matrix, index: number): Vector {
  return rows.map((row) => row[index]);
}
