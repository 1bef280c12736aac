/** The kernels of a workload's training iteration on a backend. */
import * as tf from "@tensorflow/tfjs";
import { countKernels, PHASES, total } from "./kernel-counter.mjs";
import { opsSubject } from "./subject-ops.mjs";
import { WORKLOADS } from "./workloads.mjs";

/** @param {{ workload: string, backend: string }} options */
export async function countWorkload({ workload, backend }) {
  tf.enableProdMode();
  if (backend === "tensorflow") await import("@tensorflow/tfjs-node");
  if (!(await tf.setBackend(backend))) throw new Error(`the backend ${backend} does not start`);
  const subject = opsSubject(WORKLOADS[workload]);
  // The first iteration also samples the batch.
  await subject.step(0);
  const kernels = await countKernels(() => subject.step(0));
  const sums = Object.fromEntries(PHASES.map((phase) => [phase, total(kernels[phase])]));
  return { workload, backend, iteration: total(kernels), ...sums, kernels };
}
