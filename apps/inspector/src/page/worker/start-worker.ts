import * as Comlink from "comlink";
import type { NetworkBench } from "./network-bench.js";

/** A thread that runs networks. */
export type RemoteBench = Comlink.Remote<NetworkBench>;

/** Starts a thread that runs networks. */
export function startWorker(): { readonly bench: RemoteBench; end(): void } {
  const worker = new Worker(new URL("./network-worker.ts", import.meta.url), { type: "module" });
  const bench = Comlink.wrap<NetworkBench>(worker);
  return { bench, end: () => worker.terminate() };
}
