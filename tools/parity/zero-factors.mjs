/**
 * Gradients of products with a factor that is exactly 0.
 *
 * TensorFlow divides by the factor and returns 0 for such an entry, while the true derivative is the product of the
 * other factors. Cases where this happens have the true derivative in `extra.true_grad`; only at these entries both
 * values are correct. The values that the file lists as TensorFlow's are checked too.
 */
import { compare, within } from "./compare.mjs";

/** @typedef {import("./case-file.mjs").CaseFile} CaseFile */

const ALLOWED = 1e-5;

/** Zero factors of `product` over `config.axis` of `x`. @param {CaseFile} file */
export function productZeroFactors(file) {
  const truth = file.extra.true_grad;
  if (!truth || !file.grads.x) return {};
  const isZero = (index) => file.inputs.x.data[index] === 0;
  return accept(file, { x: { truth, isZero, reported: () => 0 } });
}

/** Zero factors of usage: the factors are `1 - free_gate[b,r] * read_weights[b,r,n]`. @param {CaseFile} file */
export function usageZeroFactors(file) {
  const { free_gate: freeTruth, read_weights: readTruth } = file.extra.true_grad ?? {};
  const slots = file.inputs.prev_usage.shape[1];
  const freeGate = (index) => file.inputs.free_gate.data[Math.floor(index / slots)];
  const factor = (index) => Math.fround(1 - Math.fround(freeGate(index) * file.inputs.read_weights.data[index]));
  const slotsOf = (gate) => Array.from({ length: slots }, (_, slot) => gate * slots + slot);
  return accept(file, {
    read_weights: { truth: readTruth, isZero: (index) => factor(index) === 0, reported: () => 0 },
    free_gate: {
      truth: freeTruth,
      isZero: (gate) => slotsOf(gate).some((index) => factor(index) === 0),
      reported: (gate) =>
        slotsOf(gate)
          .filter((index) => factor(index) !== 0)
          .reduce((sum, index) => sum + freeGateSlope(file, index, factor), 0),
    },
  });
}

/** Computes the term of slot `index` of `[batch, reads, slots]` in the gradient of its free gate. */
function freeGateSlope({ inputs, cotangents }, index, factor) {
  const [, writes, slots] = inputs.write_weights.shape;
  const reads = inputs.free_gate.shape[1];
  const batch = Math.floor(index / (reads * slots));
  const [at, slot] = [Math.floor((index % (reads * slots)) / slots), index % slots];
  const unwritten = product(writes, (head) => 1 - inputs.write_weights.data[(batch * writes + head) * slots + slot]);
  const before = inputs.prev_usage.data[batch * slots + slot];
  const used = before + (1 - before) * (1 - unwritten);
  const others = product(reads, (head) => (head === at ? 1 : factor((batch * reads + head) * slots + slot)));
  return -cotangents.usage.data[batch * slots + slot] * used * inputs.read_weights.data[index] * others;
}

function product(count, factor) {
  return Array.from({ length: count }, (_, index) => factor(index)).reduce((so_far, next) => so_far * next, 1);
}

/**
 * Returns the true gradients as alternatives where a factor is zero, and checks the values that the file lists there.
 */
function accept(file, gradients) {
  const listed = Object.entries(gradients).filter(([name, { truth }]) => truth && file.grads[name]);
  const indices = (name, isZero) => [...file.grads[name].data.keys()].filter(isZero);
  return {
    alternatives: Object.fromEntries(
      listed.map(([name, { truth, isZero }]) => [name, (index) => (isZero(index) ? truth.data[index] : undefined)]),
    ),
    checks: listed.map(([name, { isZero, reported }]) => {
      const zeros = indices(name, isZero);
      const values = (data) => ({ shape: [zeros.length], dtype: "float32", data });
      const theirs = values(zeros.map((index) => file.grads[name].data[index]));
      return compare(`grads/${name} where a factor is 0`, theirs, values(zeros.map(reported)), within(ALLOWED));
    }),
    notes: listed.map(([name, { isZero }]) => `true gradient accepted at ${indices(name, isZero).length} of ${name}`),
    extra: ["true_grad"],
  };
}
