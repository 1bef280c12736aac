/** Counts the kernels that TensorFlow.js runs, by name, separately for forward pass, backward pass and update. */
import * as tf from "@tensorflow/tfjs";

/** The phases of an iteration, in order. */
export const PHASES = ["forward", "backward", "update"];

/** The kernel that TensorFlow.js runs to save a tensor for the gradient. */
const SAVE_KERNEL = "Identity";

/**
 * @typedef {Record<string, Record<string, number>>} KernelCounts - by phase, then by kernel name, the most frequent first.
 */

/**
 * Runs a training iteration and counts its kernels on the current backend. A kernel that runs other kernels, as on some
 * backends, does not count itself.
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
    if (name !== SAVE_KERNEL) ran++;
    return result;
  };
  try {
    await iteration();
  } finally {
    engine.runKernel = runKernel;
  }
  return Object.fromEntries(PHASES.map((phase) => [phase, ordered(counts[phase])]));
}

/** Sums the counts of a phase, or of all phases. */
export function total(counts) {
  return Object.values(counts).reduce((sum, count) => sum + (typeof count === "number" ? count : total(count)), 0);
}

/** Finds the current phase: the tape is active in the forward pass and exists until the backward pass has ended. */
function currentPhase({ state }) {
  if (state.gradientDepth > 0) return "forward";
  return state.activeTape ? "backward" : "update";
}

function ordered(counts) {
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)));
}
