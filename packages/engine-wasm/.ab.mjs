import * as tf from "@tensorflow/tfjs-core";
import { Dnc } from "@dnc/core";
import "/tmp/wt/node_modules/@tensorflow/tfjs/dist/tf.node.js";
import { FusedTraining as New } from "/tmp/wt/packages/engine-wasm/dist/training.js";
import { FusedTraining as Old } from "/tmp/old/packages/engine-wasm/dist/training.js";
const W = { S: [{ hiddenSize: 64, memorySize: 16, wordSize: 16, inputSize: 6, outputSize: 5 }, 9, 60], M: [{ hiddenSize: 128, memorySize: 64, wordSize: 32, inputSize: 10, outputSize: 9 }, 43, 4] };
for (const [w, [c, T, n]] of Object.entries(W)) {
  const mk = (F) => { const t = new F(new Dnc({ ...c, seed: 1 }), { threads: 1 }); const r = (k) => Float32Array.from({ length: k }, () => Math.round(Math.random())); const b = { time: T, batch: 16, observations: r(T * 16 * c.inputSize), target: r(T * 16 * c.outputSize), mask: new Float32Array(T * 16).fill(1) }; return () => t.step(b); };
  const f = { old: mk(Old), new: mk(New) }, times = { old: [], new: [] };
  for (let i = 0; i < 40; i++) for (const k of i % 2 ? ["old", "new"] : ["new", "old"]) { const s = performance.now(); for (let j = 0; j < n; j++) f[k](); times[k].push((performance.now() - s) / n); }
  for (const k in times) { times[k].sort((a, b) => a - b); console.log(w, k, "min", times[k][0].toFixed(3), "q25", times[k][10].toFixed(3), "med", times[k][20].toFixed(3)); }
}
