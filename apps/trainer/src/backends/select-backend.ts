import "@dnc/engine-tfjs"; // the engine for backends without custom kernels
import { UsageError } from "@dnc/settings";
import type { BackendName } from "@dnc/settings/flags";
import { probeCpu } from "./cpu.js";
import { probeCuda, probeNode } from "./native.js";
import type { BackendProbe } from "./probe.js";
import { probeWebGpu } from "./webgpu.js";

const PROBES: BackendProbes = { cuda: probeCuda, webgpu: probeWebGpu, cpu: probeCpu, node: probeNode };

/** All backends, the most widely available first. */
export const BACKEND_NAMES: readonly BackendName[] = ["cpu", "webgpu", "cuda", "node"];

/**
 * The backends that `auto` tries, the fastest first: those whose engines have custom kernels, which support every network of
 * the trainer. CUDA has none, and is slower than the CPU.
 */
export const AUTO_BACKENDS: readonly BackendName[] = ["webgpu", "cpu"];

/** Starts a backend and checks whether it works. */
export function probeBackend(name: BackendName): Promise<BackendProbe> {
  return PROBES[name]();
}

/** The selected backend. */
export interface Backend {
  readonly name: BackendName;
  /** Description; with `auto` also why faster backends were not selected. */
  readonly reason: string;
}

/**
 * Starts a backend: the requested one, or with `auto` the fastest that works.
 *
 * @throws UsageError with the reason and how to fix it, if the requested backend cannot run.
 */
export async function selectBackend(requested: BackendName | "auto", probes: BackendProbes = PROBES): Promise<Backend> {
  const failures: string[] = [];
  for (const name of requested === "auto" ? AUTO_BACKENDS : [requested]) {
    const probe = await probes[name]();
    if (probe.works && probe.isSoftware && requested === "auto") {
      failures.push(`not ${name}: ${probe.description} is the CPU emulating a GPU`);
      continue;
    }
    if (probe.works) return { name, reason: [probe.description, ...failures].join("; ") };
    if (requested !== "auto") throw new UsageError(`--backend ${name}: ${probe.reason}; ${probe.fix}`);
    failures.push(`not ${name}: ${probe.reason}`);
  }
  throw new UsageError(`--backend auto: expected one that works, got none (${failures.join("; ")})`);
}

/** Functions that start a backend, by name. */
export type BackendProbes = Readonly<Record<BackendName, () => Promise<BackendProbe>>>;
