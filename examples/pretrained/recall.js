/** Asks a published network what it remembers of a sequence: node recall.js [SEED] */
import { loadNetwork } from "@dnc/checkpoint/network";
import "@dnc/engine-wasm"; // registers the fast engine for the CPU
import { readPretrained } from "@dnc/pretrained/node";
import { createRandom } from "@dnc/tasks";
import { evaluate } from "@dnc/training";
import "@tensorflow/tfjs";
import { ask, drawSequence, readSequence, task } from "./sequence.js";

const [seed = "1"] = process.argv.slice(2);
const network = await loadNetwork(await readPretrained("associative-recall"));

const batch = drawSequence(Number(seed));
const { items, question, answer } = readSequence(batch);
console.log(`The network reads  ${items.join(" ")}`);
console.log(`What came after    ${question}`);
console.log(`Right answer       ${answer}`);
console.log(`Network's answer   ${await ask(network, batch)}`);

const sequences = 1000;
const { exactMatch } = await evaluate(network, task, { random: createRandom(Number(seed)), sequences });
console.log(`Right on ${exactMatch} of ${sequences} new sequences`);
network.dispose();
