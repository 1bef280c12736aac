import type { Attempt } from "./attempt.js";

/** Any GPU, without CUDA: not there yet. */
export async function tryWebGpu(): Promise<Attempt> {
  return { works: false, why: "not available in this release", remedy: "use --backend cpu" };
}
