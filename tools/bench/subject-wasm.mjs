/** Training on the WebAssembly engine. */
import { setTimeout } from "node:timers/promises";
import { WasmTrainer } from "@dnc/engine-wasm";
// Internal to the engine, hence imported by path: number of ready threads.
import { hosts } from "../../packages/engine-wasm/dist/hosts.js";
import { workloadParts } from "./subject.mjs";
import { TRAINER_OPTIONS } from "./workloads.mjs";

/** Longest time to wait for workers to be ready, in milliseconds. */
const TIMEOUT_MS = 20_000;

/**
 * @param {object} workload
 * @param {{ threads: number, instructionSet?: string }} options
 * @returns {import("./subject.mjs").Subject}
 */
export function wasmSubject(workload, { threads, instructionSet }) {
  const { core, batch, makeBatches } = workloadParts(workload);
  const training = new WasmTrainer(core, { ...TRAINER_OPTIONS, threads, instructionSet });
  return {
    step: (index) => training.step(batch(index)).loss,
    ready: () => threadsReady(hosts.get(instructionSet).runtime.threads, Math.min(threads, batch(0).batchSize)),
    makeBatches,
    instructionSet: training.instructionSet,
  };
}

async function threadsReady(threads, wanted) {
  const end = performance.now() + TIMEOUT_MS;
  while (threads.readyCount(wanted) < wanted && performance.now() < end) await setTimeout(5);
  return threads.readyCount(wanted);
}
