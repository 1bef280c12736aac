/** Trains the network that the page runs, and saves it: node train.js [ITERATIONS] [FOLDER] */
import { fileURLToPath } from "node:url";
import { readTensors } from "@dnc/checkpoint";
import { networkSettings } from "@dnc/checkpoint/network";
import { saveCheckpoint } from "@dnc/checkpoint/node";
import { Dnc } from "@dnc/core";
import "@dnc/engine-wasm"; // registers the fast engine for the CPU
import { createRandom, repeatCopy } from "@dnc/tasks";
import { RmsProp, train } from "@dnc/training";
import "@tensorflow/tfjs";

const [iterations = 6000, folder = fileURLToPath(new URL("public/checkpoints", import.meta.url))] =
  process.argv.slice(2);
const task = repeatCopy({ numBits: 4, maxLength: 4, maxRepeats: 3 });
const sizes = { memorySize: 12, wordSize: 12, readHeads: 1 };
const network = new Dnc({ inputSize: task.inputSize, outputSize: task.targetSize, ...sizes, seed: 1 });

await train({
  network,
  task,
  iterations: Number(iterations),
  optimizer: new RmsProp(network.variables, { learningRate: 0.004 }),
  random: createRandom(1),
  reportInterval: 1000,
  onReport: ({ step, loss, exactMatch }) =>
    console.log(`${step}: loss ${loss.toFixed(3)} nats per sequence, exact match ${(100 * exactMatch).toFixed(1)} %`),
});

const state = { step: Number(iterations), config: networkSettings(network.config) };
await saveCheckpoint(folder, { model: await readTensors(network.variables), optimizer: [], state });
