import "@dnc/engine-tfjs"; // for every backend without an engine with custom kernels
import type { NetworkConfig } from "../configs.js";
import { UsageError } from "../usage-error.js";
import { probeCpu } from "./cpu.js";
import { probeCuda, probeNode } from "./native.js";
import type { BackendName, BackendProbe } from "./probe.js";
import { probeWebGpu } from "./webgpu.js";

const PROBES: BackendProbes = { cuda: probeCuda, webgpu: probeWebGpu, cpu: probeCpu, node: probeNode };

/** All backends, the most widely available first. */
export const BACKEND_NAMES: readonly BackendName[] = ["cpu", "webgpu", "cuda", "node"];

/**
 * Lists the backends that `auto` tries, the fastest first.
 *
 * @param isFused - whether the engines support the network: CUDA, which runs op by op, is then slower than the CPU.
 */
export function backendPriority({ isFused }: { readonly isFused: boolean }): readonly BackendName[] {
  return isFused ? ["webgpu", "cpu"] : ["cuda", "webgpu", "cpu"];
}

/** Starts a backend, if it works. */
export function probeBackend(name: BackendName): Promise<BackendProbe> {
  return PROBES[name]();
}

/** The selected backend. */
export interface Backend {
  readonly name: BackendName;
  /** Description and, if `auto` chose it, why not a faster one. */
  readonly reason: string;
}

/**
 * Starts a backend: the requested one, or with `auto` the first that really works for the network.
 *
 * @throws UsageError with the reason and how to fix it, if the requested backend cannot run.
 */
export async function selectBackend(
  wanted: BackendName | "auto",
  { controller }: Pick<NetworkConfig, "controller">,
  probes: BackendProbes = PROBES,
): Promise<Backend> {
  const failures: string[] = [];
  for (const name of wanted === "auto" ? backendPriority({ isFused: controller !== "gru" }) : [wanted]) {
    const probe = await probes[name]();
    if (probe.works && probe.isSoftware && wanted === "auto") {
      failures.push(`not ${name}: ${probe.description} is the CPU emulating a GPU`);
      continue;
    }
    if (probe.works) return { name, reason: [probe.description, ...failures].join("; ") };
    if (wanted !== "auto") throw new UsageError(`--backend ${name}: ${probe.reason}; ${probe.fix}`);
    failures.push(`not ${name}: ${probe.reason}`);
  }
  throw new UsageError(`--backend auto: expected one that works, got none (${failures.join("; ")})`);
}

export type BackendProbes = Readonly<Record<BackendName, () => Promise<BackendProbe>>>;
