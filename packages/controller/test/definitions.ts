/**
 * The controllers in plain double-precision numbers: the equations of their doc comments, one batch element at a time.
 */
export type Vector = number[];
export type Matrix = Vector[];

/** A state, with numbers for tensors. */
export type StateNumbers = { [key: string]: Matrix | StateNumbers };

/** One step of a controller: `parameters` are the values of its variables, in their order. */
export type Definition = (
  inputs: Matrix,
  state: StateNumbers,
  parameters: (Matrix | Vector)[],
) => { output: Matrix; state: StateNumbers };

export const lstm: Definition = (inputs, state, parameters) => {
  const next = nextLstm(inputs, state as LstmNumbers, parameters as [Matrix, Vector]);
  return { output: next.hidden, state: next };
};

export const deepLstm: Definition = (inputs, state, parameters) => {
  const next: { [key: string]: LstmNumbers } = {};
  let below: Matrix = inputs.map(() => []); // what the first layer has below it
  for (let layer = 1; layer <= parameters.length / 2; layer++) {
    const own = [parameters[2 * layer - 2], parameters[2 * layer - 1]] as [Matrix, Vector];
    const seen = concatColumns(inputs, below);
    next[`layer_${layer}`] = nextLstm(seen, state[`layer_${layer}`] as LstmNumbers, own);
    below = next[`layer_${layer}`].hidden;
  }
  return { output: concatColumns(...Object.values(next).map(({ hidden }) => hidden)), state: next };
};

export const gru: Definition = (inputs, state, parameters) => {
  const [gateWeights, gateBiases, weights, biases] = parameters as [Matrix, Vector, Matrix, Vector];
  const units = biases.length;
  const hidden = (state.hidden as Matrix).map((previous, element) => {
    const gates = affine([...inputs[element], ...previous], gateWeights, gateBiases).map(sigmoid);
    const reset = gates.slice(0, units);
    const update = gates.slice(units);
    const resetHidden = previous.map((value, unit) => reset[unit] * value);
    const candidate = affine([...inputs[element], ...resetHidden], weights, biases).map(Math.tanh);
    return previous.map((value, unit) => update[unit] * value + (1 - update[unit]) * candidate[unit]);
  });
  return { output: hidden, state: { hidden } };
};

export const feedForward: Definition = (inputs, state, parameters) => {
  const [weights, biases] = parameters as [Matrix, Vector];
  return { output: inputs.map((row) => affine(row, weights, biases).map(Math.tanh)), state };
};

type LstmNumbers = { hidden: Matrix; cell: Matrix };

function nextLstm(inputs: Matrix, state: LstmNumbers, [weights, biases]: [Matrix, Vector]): LstmNumbers {
  const hidden: Matrix = [];
  const cell: Matrix = [];
  for (const [element, row] of inputs.entries()) {
    const gates = affine([...row, ...state.hidden[element]], weights, biases);
    const units = gates.length / 4;
    hidden[element] = [];
    cell[element] = [];
    for (let unit = 0; unit < units; unit++) {
      const [i, j, f, o] = [0, 1, 2, 3].map((block) => gates[block * units + unit]);
      const next = sigmoid(f + 1) * state.cell[element][unit] + sigmoid(i) * Math.tanh(j);
      cell[element][unit] = next;
      hidden[element][unit] = sigmoid(o) * Math.tanh(next);
    }
  }
  return { hidden, cell };
}

/** Concatenates matrices along columns. */
function concatColumns(...matrices: Matrix[]): Matrix {
  return matrices[0].map((_, element) => matrices.flatMap((matrix) => matrix[element]));
}

function affine(row: Vector, weights: Matrix, biases: Vector): Vector {
  return biases.map((bias, column) => row.reduce((sum, value, r) => sum + value * weights[r][column], bias));
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
