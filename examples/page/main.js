import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { ask, wrongBits } from "./ask.js";
import { fetchNetwork, openNetwork } from "./network-files.js";
import { picture } from "./picture.js";

/** @returns {any} */
const find = (id) => document.getElementById(id);
const state = { network: undefined, pattern: [], repeats: 3 };

for (const name of ["length", "repeats"]) find(name).addEventListener("input", onNumbers);
find("random").addEventListener("click", () => change({ pattern: randomPattern(state.pattern.length) }));
find("files").addEventListener("change", () => use(openNetwork(find("files").files)));

await tf.setBackend("cpu");
await use(fetchNetwork("checkpoints"), "Train one first: node train.js");

/** Switches to a network once it is loaded; if loading fails, the previous one remains. */
async function use(loading, hint = "") {
  try {
    const network = await loading;
    const { inputSize, outputSize, memorySize, wordSize, readHeads } = network.config;
    if (inputSize !== outputSize + 1) {
      network.dispose();
      throw new Error(`expected a network of repeat copy, got one with ${inputSize} inputs and ${outputSize} outputs`);
    }
    state.network?.dispose();
    const heads = readHeads === 1 ? "1 read head" : `${readHeads} read heads`;
    find("network").textContent = `The network has ${memorySize} memory slots of ${wordSize} numbers and ${heads}.`;
    find("controls").disabled = false;
    await change({ network, pattern: randomPattern(4, outputSize - 1) });
  } catch (error) {
    show(`There is no network to run. ${hint} (${error.message})`, "bad");
  }
}

/** Changes the state, runs the network and shows its output. */
async function change(changes) {
  Object.assign(state, changes);
  const { network, pattern, repeats } = state;
  showControls();
  if (network === undefined) return;
  const sequence = await ask(network, pattern, repeats);
  if (state.pattern !== pattern || state.repeats !== repeats || state.network !== network) return; // a later change is shown
  find("picture").replaceChildren(picture(sequence, { length: pattern.length, repeats }));
  const wrong = wrongBits(sequence);
  const bits = sequence.mask.filter(Boolean).length * sequence.targets[0].length;
  if (wrong === 0) show(`All ${bits} output bits are right.`, "good");
  else show(`${wrong} of ${bits} output bits ${wrong === 1 ? "is" : "are"} wrong.`, "bad");
}

function onNumbers() {
  const length = Number(find("length").value);
  const longer = [...state.pattern, ...randomPattern(length)];
  change({ pattern: longer.slice(0, length), repeats: Number(find("repeats").value) });
}

function showControls() {
  const { pattern, repeats } = state;
  for (const [name, value] of Object.entries({ length: pattern.length, repeats })) {
    find(name).value = value;
    find(`${name}-shown`).textContent = value;
  }
  const focused = Array.from(find("pattern").children).indexOf(document.activeElement);
  find("pattern").style.setProperty("--bits", pattern[0].length);
  find("pattern").replaceChildren(
    ...pattern.flatMap((bits, step) => bits.map((bit, index) => toggle(step, index, bit))),
  );
  find("pattern").children[focused]?.focus();
}

function toggle(step, index, bit) {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-pressed", String(bit === 1));
  button.setAttribute("aria-label", `step ${step + 1}, bit ${index + 1}`);
  button.addEventListener("click", () => {
    const pattern = state.pattern.map((bits) => bits.slice());
    pattern[step][index] = 1 - bit;
    change({ pattern });
  });
  return button;
}

function randomPattern(length, bits = state.pattern[0].length) {
  return Array.from({ length }, () => Array.from({ length: bits }, () => Math.round(Math.random())));
}

function show(text, kind) {
  find("result").textContent = text;
  find("result").dataset.kind = kind;
}
