import * as tf from "@tensorflow/tfjs";
import { Dnc, unroll } from "@dnc/core";
import "../packages/engine-wasm/dist/index.js";
tf.enableProdMode();
const B = 3, T = 4;
for (const cfg of [{ readHeads: 2, writeHeads: 2, memorySize: 7, wordSize: 5, hiddenSize: 6, clipValue: 0.2 }, { readHeads: 4, writeHeads: 1, memorySize: 10, wordSize: 8, hiddenSize: 9, controller: "deep-lstm", layers: 3, clipValue: 0.1 }, { readHeads: 1, writeHeads: 3, memorySize: 1, wordSize: 1, hiddenSize: 1, controller: "feed-forward" }, {}, {controller: "feed-forward", memorySize: 5, hiddenSize: 13}, {controller: "gru"}]) {
  const core = new Dnc({ inputSize: 3, outputSize: 2, seed: 3, ...cfg });
  const x = tf.randomNormal([T, B, 3], 0, 2, "float32", 5);
  const rnd = (t, i) => { const r = tf.randomUniform(t.shape, 0, 1 / t.shape.at(-1), "float32", 11 + i); t.dispose(); return r; };
  let i = 0; const map = (s) => s.dataId ? rnd(s, i++) : Object.fromEntries(Object.entries(s).map(([k, v]) => [k, map(v)]));
  const state = map(core.initialState(B));
  const flat = (s) => s.dataId ? [s] : Object.values(s).flatMap(flat);
  const run = (trace) => {
    const vs = core.variables.map(v => v.variable), ins = [x, ...flat(state)];
    const f = (x, ...st) => { let k = 0; const un = (s) => s.dataId ? st[k++] : Object.fromEntries(Object.entries(s).map(([a, v]) => [a, un(v)])); const r = unroll(core, x, un(state), trace ? { trace: true } : undefined); const c = [r.outputs, ...Object.values(r.finalState.access).flatMap(flat), r.finalState.readWords, ...flat(r.finalState.controller)]; return c.reduce((s, t, j) => tf.add(s, tf.sum(tf.mul(t, tf.randomNormal(t.shape, 0, 1, "float32", 100 + j)))), tf.zerosLike(tf.sum(ins[1])).add(ins.reduce((a, t) => tf.add(a, tf.mul(0, tf.sum(t))), 0))); };
    const gi = tf.grads(f)(ins);
    const gv = tf.variableGrads(() => f(x, ...flat(state)), vs);
    const r = unroll(core, x, state, trace ? { trace: true } : undefined);
    return { out: [r.outputs, ...Object.values(r.finalState.access).flatMap(flat), r.finalState.readWords, ...flat(r.finalState.controller)], grads: [...gi, ...vs.map(v => gv.grads[v.name])] };
  };
  const a = run(false), b = run(true);
  const cmp = (p, q) => Math.max(...p.map((t, j) => { const u = t.dataSync(), v = q[j].dataSync(); let w = 0; u.forEach((z, k) => { const e = Math.abs(z - v[k]) / Math.max(1, Math.abs(v[k])); w = !(e <= w) ? e : w; }); return w; }));
  if (process.env.V) a.grads.forEach((t, j) => console.log(j, t.shape.join(), cmp([t], [b.grads[j]])));
  console.log(JSON.stringify(cfg), "out", cmp(a.out, b.out), "grads", cmp(a.grads, b.grads));
  const s1 = core.step(tf.unstack(x)[0], state), s2 = core.step(tf.unstack(x)[0], state, { trace: true });
  console.log("   step", cmp([s1.output, ...flat(s1.state.access)], [s2.output, ...flat(s2.state.access)]));
}
process.exit(0);
