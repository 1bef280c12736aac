/** Trains a network with a custom memory access on the copy task: node train.js [ITERATIONS] */
import { Dnc, describeNetwork } from "@dnc/core";
import { copy, createRandom } from "@dnc/tasks";
import { evaluate, RmsProp, train } from "@dnc/training";
import "@tensorflow/tfjs";
import { RingMemory } from "./ring-memory.js";

const iterations = Number(process.argv[2] ?? 200);
const task = copy({ numBits: 2, minLength: 1, maxLength: 2 });
const network = new Dnc({
  inputSize: task.inputSize,
  outputSize: task.targetSize,
  hiddenSize: 32,
  memorySize: 4,
  wordSize: 8,
  readHeads: 1,
  seed: 1,
  // The configuration has the sizes of the network's memory; inputSize is the width of the controller's output.
  access: (config, createVariable) => new RingMemory(config, createVariable),
});
console.log(describeNetwork(network));

const { engine } = await train({
  network,
  task,
  iterations,
  optimizer: new RmsProp(network.variables, { learningRate: 0.03 }),
  random: createRandom(1),
  reportInterval: 25,
  onReport: ({ step, loss }) => console.log(`${step}: loss ${loss.toFixed(3)} nats per sequence`),
});
console.log(`Trained by ${engine}.`);

const score = await evaluate(network, task, { random: createRandom(2), sequences: 500 });
console.log(
  `Exact match on ${score.sequences} new sequences: ${((100 * score.exactMatch) / score.sequences).toFixed(1)} %`,
);
network.dispose();
