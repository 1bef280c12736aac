/** Trains a DNC and an LSTM of the same width on the same sequences, several seeds each: node compare.js [ITERATIONS] [SEEDS] */
import { Dnc, describeNetwork, LstmNetwork } from "@dnc/core";
import "@dnc/engine-wasm"; // registers the fast engine for the CPU
import { copy, createRandom } from "@dnc/tasks";
import { evaluate, RmsProp, train } from "@dnc/training";
import "@tensorflow/tfjs";

const iterations = Number(process.argv[2] ?? 2000);
const seeds = Number(process.argv[3] ?? 3);
const task = copy({ numBits: 4, minLength: 1, maxLength: 8 });
const sizes = { inputSize: task.inputSize, outputSize: task.targetSize, hiddenSize: 64 };

const kinds = {
  DNC: (seed) => new Dnc({ ...sizes, memorySize: 16, readHeads: 1, seed }),
  LSTM: (seed) => new LstmNetwork({ ...sizes, seed }),
};

for (const [name, create] of Object.entries(kinds)) {
  const shares = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const network = create(seed);
    const optimizer = new RmsProp(network.variables, { learningRate: 1e-3 });
    const { engine } = await train({ network, task, iterations, optimizer, random: createRandom(seed) });
    // The same held-out sequences for every network.
    const { exactMatch, sequences } = await evaluate(network, task, { random: createRandom(1000), sequences: 500 });
    shares.push(exactMatch / sequences);
    if (seed === 1) console.log(`${name}: ${describeNetwork(network)}, trained by ${engine}`);
    optimizer.dispose();
    network.dispose();
  }
  const mean = shares.reduce((sum, share) => sum + share, 0) / seeds;
  const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, seeds - 1));
  console.log(
    `${name}: exact match ${percent(mean)} ± ${percent(deviation)} on new sequences, mean and deviation of ${seeds} seeds`,
  );
}

function percent(fraction) {
  return `${(100 * fraction).toFixed(1)} %`;
}
