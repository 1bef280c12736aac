import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { Dnc } from "@dnc/core";
import { FusedTraining } from "../packages/engine-wasm/dist/index.js";
tf.enableProdMode();
for (const threads of [1, 2, 3]) for (const instructionSet of ["simd", "relaxed-simd"])
for (const f of ["training__clipped-h16-norm0.1", "training__writes2-h12-norm50-lr1e-3", "training__default-config"]) {
  const d = JSON.parse(readFileSync(`/work/shared/golden/${f}.json`)), c = d.config;
  const core = new Dnc({ inputSize: c.input_size, outputSize: c.output_size, memorySize: c.memory_size, wordSize: c.word_size, readHeads: c.num_reads, writeHeads: c.num_writes, hiddenSize: c.hidden_size, clipValue: c.clip_value });
  for (const { name, variable } of core.variables) variable.assign(tf.tensor(d.params[name].data, d.params[name].shape));
  const tr = new FusedTraining(core, { learningRate: c.learning_rate, maxGradNorm: c.max_grad_norm, threads, instructionSet });
  await new Promise(r => setTimeout(r, threads > 1 ? 300 : 0));
  let worst = 0, wn = 0;
  d.inputs.batches.forEach((b, i) => {
    const [time, batch] = b.mask.shape;
    const r = tr.step({ time, batch, observations: Float32Array.from(b.observations.data), target: Float32Array.from(b.target.data), mask: Float32Array.from(b.mask.data) });
    worst = Math.max(worst, Math.abs(r.loss - d.outputs.loss.data[i])); wn = Math.max(wn, Math.abs(r.globalNorm - d.outputs.global_norm.data[i]));
  });
  tr.pull();
  let wp = 0, h = 0;
  for (const { name, variable } of core.variables) { const v = variable.dataSync(), ref = d.outputs["final/" + name].data; for (let i = 0; i < v.length; i++) wp = Math.max(wp, Math.abs(v[i] - ref[i])); const u = new Uint32Array(v.buffer, v.byteOffset, v.length); for (const x of u) h = (Math.imul(h, 31) + x) | 0; }
  console.log(threads, instructionSet, f, worst.toExponential(1), wn.toExponential(1), wp.toExponential(1), "hash", h);
  tr.dispose();
}
process.exit(0);
