/** Trains a network with temporal links and one without them on the same sequences: node compare.js [ITERATIONS] */
import { Dnc, describeNetwork } from "@dnc/core";
import "@dnc/engine-wasm"; // registers the fast engine for the CPU
import { copy, createRandom } from "@dnc/tasks";
import { evaluate, RmsProp, train } from "@dnc/training";
import "@tensorflow/tfjs";

const iterations = Number(process.argv[2] ?? 300);
const task = copy({ numBits: 3, minLength: 1, maxLength: 3 });
const sizes = { inputSize: task.inputSize, outputSize: task.targetSize, memorySize: 16, readHeads: 1, seed: 1 };

for (const [name, memory] of Object.entries({ "with links": {}, "no links": { links: false } })) {
  const network = new Dnc({ ...sizes, memory });
  console.log(`${name}: ${describeNetwork(network)}`);
  const start = performance.now();
  const { engine } = await train({
    network,
    task,
    iterations,
    optimizer: new RmsProp(network.variables, { learningRate: 3e-3 }),
    random: createRandom(1),
  });
  const milliseconds = (performance.now() - start) / iterations;
  console.log(`${name}: ${milliseconds.toFixed(1)} ms per iteration, trained by ${engine}`);
  const score = await evaluate(network, task, { random: createRandom(2), sequences: 500 });
  console.log(`${name}: exact match ${((100 * score.exactMatch) / score.sequences).toFixed(1)} % on new sequences`);
  network.dispose();
}
