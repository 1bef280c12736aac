import { loadNetwork } from "@dnc/checkpoint/network";
import { fetchPretrained } from "@dnc/pretrained";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { ask, drawSequence, readSequence, withQuestion } from "./sequence.js";

/** @returns {any} */
const find = (id) => document.getElementById(id);

await tf.setBackend("cpu");
const network = await loadNetwork(await fetchPretrained("associative-recall"));
let seed = 1;
find("another").addEventListener("click", () => show(++seed));
show(seed);

/** Shows the items of a sequence as buttons; the last one has none after it. */
function show(seed) {
  const batch = drawSequence(seed);
  const { items } = readSequence(batch);
  const buttons = items.map((word, item) => {
    const button = document.createElement("button");
    button.textContent = word;
    button.disabled = item === items.length - 1;
    button.addEventListener("click", () => answer(batch, item));
    return button;
  });
  find("items").replaceChildren(...buttons);
  find("answer").textContent = "Click an item.";
}

/** Asks what came after an item, and shows the network's answer. */
async function answer(batch, item) {
  const { items } = readSequence(batch);
  const word = await ask(network, withQuestion(batch, item));
  const verdict = word === items[item + 1] ? "right" : `wrong: it was ${items[item + 1]}`;
  find("answer").textContent = `After ${items[item]} came ${word}, says the network: ${verdict}.`;
}
