/** Runs a network trained on repeat copy on one new sequence: node run.js RUN [SEED] */
import { loadNetwork } from "@dnc/checkpoint/node/network";
import "@dnc/engine-wasm"; // registers the fast engine for the CPU
import { createRandom, predictedBits, repeatCopy } from "@dnc/tasks";
import { predict } from "@dnc/training";
import "@tensorflow/tfjs";

const [run, seed = "1"] = process.argv.slice(2);
if (run === undefined) {
  console.error("Usage: node run.js RUN [SEED], where RUN is a folder that dnc train wrote");
  process.exit(2);
}
const network = await loadNetwork(run);
const task = repeatCopy({ numBits: network.config.outputSize - 1, batchSize: 1 });
const batch = task.sampleBatch(createRandom(Number(seed)));
const logits = await predict(network, batch); // [time, batch, output], before the sigmoid
console.log(task.render(batch, predictedBits(logits, batch.mask)));
network.dispose();
