/** Counts the kernels that TensorFlow.js runs, by name, of forward pass, backward pass and update apart. */
import * as tf from "@tensorflow/tfjs";

/** What a kernel can be part of, in the order of an iteration. */
export const PHASES = ["forward", "backward", "update"];

/** What TensorFlow.js runs beside a kernel to keep a tensor for the gradient. */
const KEPT = "Identity";

/**
 * @typedef {Record<string, Record<string, number>>} KernelCounts - by phase, then by kernel name, the most frequent first.
 */

/**
 * Runs a training iteration and counts its kernels on the current backend. A kernel that runs others, as some backends have
 * them, does not count itself.
 *
 * @param {() => Promise<unknown>} iteration
 * @returns {Promise<KernelCounts>}
 */
export async function countKernels(iteration) {
  const counts = Object.fromEntries(PHASES.map((phase) => [phase, new Map()]));
  const engine = tf.engine();
  const { runKernel } = engine;
  let ran = 0;
  engine.runKernel = (name, inputs, attributes) => {
    const before = ran;
    const phase = counts[currentPhase(engine)];
    const result = runKernel.call(engine, name, inputs, attributes);
    if (ran === before) phase.set(name, (phase.get(name) ?? 0) + 1);
    if (name !== KEPT) ran++;
    return result;
  };
  try {
    await iteration();
  } finally {
    engine.runKernel = runKernel;
  }
  return Object.fromEntries(PHASES.map((phase) => [phase, ordered(counts[phase])]));
}

/** The sum of a phase's counts, or of all. */
export function total(counts) {
  return Object.values(counts).reduce((sum, count) => sum + (typeof count === "number" ? count : total(count)), 0);
}

/** The tape is written in the forward pass, and there until the backward pass has ended. */
function currentPhase({ state }) {
  if (state.gradientDepth > 0) return "forward";
  return state.activeTape ? "backward" : "update";
}

function ordered(counts) {
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)));
}
