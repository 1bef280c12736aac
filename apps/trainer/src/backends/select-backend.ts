import type { Settings } from "../flags/train-flags.js";
import { UsageError } from "../usage-error.js";
import { tryCpu } from "./cpu.js";
import { tryCuda, tryNode } from "./native.js";
import type { Attempt } from "./probe.js";
import { tryWebGpu } from "./webgpu.js";

const ATTEMPTS = { cuda: tryCuda, webgpu: tryWebGpu, cpu: tryCpu, node: tryNode } as const;

export type BackendName = keyof typeof ATTEMPTS;

/** All backends, in the order in which people look for theirs. */
export const BACKEND_NAMES: readonly BackendName[] = ["cpu", "webgpu", "cuda", "node"];

/**
 * The backends that `auto` tries, fastest first.
 *
 * @param isFused - whether the fused kernels cover the network: CUDA, where one op follows the other, is then slower than
 *   the processor.
 */
export function automaticOrder({ isFused }: { readonly isFused: boolean }): readonly BackendName[] {
  return isFused ? ["webgpu", "cpu"] : ["cuda", "webgpu", "cpu"];
}

/** Starts a backend, if it works. */
export function tryBackend(name: BackendName): Promise<Attempt> {
  return ATTEMPTS[name]();
}

/** The backend that computes from now on. */
export interface Backend {
  readonly name: BackendName;
  /** What it is and, if it was not asked for by name, why not a better one. */
  readonly why: string;
}

/**
 * Starts a backend: the one that was asked for, or with `auto` the first that really works for the network.
 *
 * @throws UsageError saying what is missing and what to do, if one that was asked for cannot run.
 */
export async function selectBackend(
  wanted: BackendName | "auto",
  { controller }: Pick<Settings, "controller">,
  attempts: Attempts = ATTEMPTS,
): Promise<Backend> {
  const failures: string[] = [];
  for (const name of wanted === "auto" ? automaticOrder({ isFused: controller !== "gru" }) : [wanted]) {
    const attempt = await attempts[name]();
    if (attempt.works && attempt.isSoftware && wanted === "auto") {
      failures.push(`not ${name}: ${attempt.what} is the processor playing a GPU`);
      continue;
    }
    if (attempt.works) return { name, why: [attempt.what, ...failures].join("; ") };
    if (wanted !== "auto") throw new UsageError(`--backend ${name}: ${attempt.why}; ${attempt.remedy}`);
    failures.push(`not ${name}: ${attempt.why}`);
  }
  throw new UsageError(`--backend auto: expected one that works, got none (${failures.join("; ")})`);
}

export type Attempts = Readonly<Record<BackendName, () => Promise<Attempt>>>;
