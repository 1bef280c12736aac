/** Trains a network on a custom task and evaluates it on new sequences: node train.js [ITERATIONS] */
import { Dnc } from "@dnc/core";
import "@dnc/engine-wasm"; // registers the fast engine for the CPU
import { createRandom, predictedBits } from "@dnc/tasks";
import { evaluate, predict, RmsProp, train } from "@dnc/training";
import "@tensorflow/tfjs";
import { recall } from "./recall.js";

const iterations = Number(process.argv[2] ?? 3000);
const { inputSize, targetSize } = recall;
const network = new Dnc({ inputSize, outputSize: targetSize, memorySize: 8, readHeads: 1, seed: 1 });

const { engine } = await train({
  network,
  task: recall,
  iterations,
  optimizer: new RmsProp(network.variables, { learningRate: 0.01 }),
  random: createRandom(1),
  reportInterval: 500,
  onReport: ({ step, loss, exactMatch }) =>
    console.log(`${step}: loss ${loss.toFixed(3)} nats per sequence, exact match ${percent(exactMatch)}`),
});
console.log(`Trained by ${engine}.`);

const random = createRandom(2); // another seed than in training: new sequences
const score = await evaluate(network, recall, { random, sequences: 1000 });
console.log(`Exact match on ${score.sequences} new sequences: ${percent(score.exactMatch / score.sequences)}`);

const batch = recall.sampleBatch(random, { batchSize: 1 });
console.log(recall.render(batch, predictedBits(await predict(network, batch), batch.mask)));

function percent(fraction) {
  return `${(100 * fraction).toFixed(1)} %`;
}
