import * as Comlink from "comlink";
import type { TrainingBench } from "../training/training-bench.js";
import type { NetworkBench } from "./network-bench.js";

/** A thread that runs networks. */
export type RemoteBench = Comlink.Remote<NetworkBench>;

/** A thread that trains networks. */
export type RemoteTraining = Comlink.Remote<TrainingBench>;

/** Starts a thread that runs networks. */
export function startWorker(): { readonly bench: RemoteBench; end(): void } {
  const worker = new Worker(new URL("./network-worker.ts", import.meta.url), { type: "module" });
  const bench = Comlink.wrap<NetworkBench>(worker);
  return { bench, end: () => worker.terminate() };
}

/** Starts a thread that trains networks. */
export function startTrainingWorker(): { readonly bench: RemoteTraining; end(): void } {
  const worker = new Worker(new URL("./network-worker.ts", import.meta.url), { type: "module", name: "training" });
  return { bench: Comlink.wrap<TrainingBench>(worker), end: () => worker.terminate() };
}
