/** One step of memory access in plain numbers, written from the definition without using `src`. */
import type { AccessTrace } from "../src/index.js";

type Vector = number[];
type Matrix = Vector[];
type Cube = Matrix[];

/** Sizes of a memory and its heads. */
export type Sizes = { memorySize: number; wordSize: number; readHeads: number; writeHeads: number };

/** Parameters by layer: `{ write_vectors: { w, b }, ... }`. */
export type ReferenceParameters = Record<string, { w: Matrix; b: Vector }>;

/** An `AccessState` in numbers. */
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
  trace: Record<Exclude<keyof AccessTrace, `${string}Masks` | `${string}Sharpness`>, Cube[] | Cube | Matrix>;
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
  const elements = inputs.map((x, b) => {
    const controls = controlsOf(parameters, x, sizes);
    const { memory: memoryBefore, readWeights: readBefore, linkage, usage: usageBefore } = state;

    const usage = usageBefore[b].map((before, i) => {
      let untouched = 1;
      for (const w of usageWrites[b]) untouched *= 1 - w[i];
      let retained = 1;
      for (const [r, weights] of readBefore[b].entries()) retained *= 1 - controls.freeGate[r] * weights[i];
      return (before + (1 - before) * (1 - untouched)) * retained;
    });

    const writeContent = controls.writeKeys.map((key, k) =>
      contentWeighting(memoryBefore[b], key, controls.writeStrengths[k]),
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
        return before * retained + added;
      }),
    );

    const precedenceBefore = linkage.precedenceWeights[b];
    const link = writeWeights.map((w, k) =>
      w.map((wi, i) =>
        w.map((wj, j) => (i === j ? 0 : (1 - wi - wj) * linkage.link[b][k][i][j] + wi * precedenceBefore[k][j])),
      ),
    );
    const precedenceWeights = writeWeights.map((w, k) => {
      const total = w.reduce((sum, wi) => sum + wi, 0);
      return w.map((wi, i) => (1 - total) * precedenceBefore[k][i] + wi);
    });

    const readContent = controls.readKeys.map((key, r) => contentWeighting(memory, key, controls.readStrengths[r]));
    const forward = readBefore[b].map((r) => link.map((l) => l.map((row) => dot(row, r))));
    const backward = readBefore[b].map((r) => link.map((l) => l.map((_, j) => dot(column(l, j), r))));
    const { writeHeads } = sizes;
    const readWeights = readContent.map((content, r) =>
      content.map((c, i) => {
        const mode = controls.readMode[r];
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
  return {
    output: each((e) => e.output),
    state: {
      memory: each((e) => e.memory),
      readWeights: each((e) => e.readWeights),
      writeWeights: each((e) => e.writeWeights),
      linkage: { link: each((e) => e.link), precedenceWeights: each((e) => e.precedenceWeights) },
      usage: each((e) => e.usage),
    },
    trace: {
      writeVectors: each((e) => e.controls.writeVectors),
      eraseVectors: each((e) => e.controls.eraseVectors),
      freeGate: each((e) => e.controls.freeGate),
      allocationGate: each((e) => e.controls.allocationGate),
      writeGate: each((e) => e.controls.writeGate),
      readMode: each((e) => e.controls.readMode),
      writeKeys: each((e) => e.controls.writeKeys),
      writeStrengths: each((e) => e.controls.writeStrengths),
      readKeys: each((e) => e.controls.readKeys),
      readStrengths: each((e) => e.controls.readStrengths),
      writeContentWeights: each((e) => e.writeContent),
      allocationWeights: each((e) => e.allocation),
      readContentWeights: each((e) => e.readContent),
      forwardWeights: each((e) => e.forward),
      backwardWeights: each((e) => e.backward),
    },
  };
}

function controlsOf(parameters: ReferenceParameters, x: Vector, { wordSize, readHeads, writeHeads }: Sizes) {
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
  return {
    writeVectors: words("write_vectors", writeHeads),
    eraseVectors: words("erase_vectors", writeHeads).map((vector) => vector.map(sigmoid)),
    freeGate: layer("free_gate").map(sigmoid),
    allocationGate: layer("allocation_gate").map(sigmoid),
    writeGate: layer("write_gate").map(sigmoid),
    readMode: perHead(layer("read_mode"), readHeads).map(softmax),
    writeKeys: words("write_keys", writeHeads),
    writeStrengths: layer("write_strengths"),
    readKeys: words("read_keys", readHeads),
    readStrengths: layer("read_strengths"),
  };
}

function contentWeighting(memory: Matrix, key: Vector, strength: number): Vector {
  const norm = (x: Vector) => Math.sqrt(dot(x, x) + EPSILON);
  const sharpness = Math.max(strength, 0) + Math.log1p(Math.exp(-Math.abs(strength)));
  return softmax(memory.map((word) => (sharpness * dot(key, word)) / (norm(key) * norm(word) + EPSILON)));
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
