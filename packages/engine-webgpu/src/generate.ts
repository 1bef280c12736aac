import type { NetworkSizes } from "@dnc/core/engine";
import { type Products, packedParameters, planProducts } from "./products.js";
import { type Dims, dimsOf } from "./sizes.js";
import { backwardKernel } from "./wgsl/backward.js";
import { planBackward } from "./wgsl/backward-plan.js";
import { forwardKernel } from "./wgsl/forward.js";
import { planForward } from "./wgsl/forward-plan.js";
import { gradientsKernel } from "./wgsl/gradients.js";
import { outputKernel } from "./wgsl/output.js";
import { packKernel } from "./wgsl/pack.js";
import type { Records } from "./wgsl/records.js";
import type { Kernel } from "./wgsl/shader.js";

/** What of a device the kernels depend on. */
export interface DeviceLimits {
  /** Bytes of workgroup memory. */
  readonly workgroupBytes: number;
  /** Invocations of a workgroup at most. */
  readonly threads: number;
}

/** Kernels of a network for a device, and what they need. */
export interface Generated {
  readonly dims: Dims;
  readonly products: Products;
  readonly records: Records;
  readonly threads: number;
  readonly pack: { readonly kernel: Kernel; readonly groups: number };
  readonly forward: Kernel;
  readonly backward: Kernel;
  readonly logits: Kernel;
  readonly outputBackward: Kernel;
  readonly outputTraining: Kernel;
  readonly gradients: { readonly kernel: Kernel; readonly groups: number };
  /** Which parameter each packed weight is. */
  readonly index: Uint32Array;
  /** Numbers of scratch that a batch element needs. */
  readonly scratch: { readonly forward: number; readonly backward: number };
  /** Barriers of one step. */
  readonly barriers: { readonly forward: number; readonly backward: number };
  readonly workgroupBytes: { readonly forward: number; readonly backward: number };
  /** What found no place in workgroup memory. */
  readonly spilled: { readonly forward: readonly string[]; readonly backward: readonly string[] };
}

/** Generates everything for a network. */
export function generate(sizes: NetworkSizes, limits: DeviceLimits): Generated {
  const dims = dimsOf(sizes);
  const threads = threadsFor(dims, limits.threads);
  // Parts of sums take at most a quarter of workgroup memory: in numbers, a sixteenth of its bytes.
  const most = Math.max(64, Math.floor(limits.workgroupBytes / 16));
  const products = planProducts(dims, threads, most);
  const forward = planForward(dims, products, threads, limits.workgroupBytes, Math.floor(most / 2));
  const backward = planBackward(dims, products, threads, limits.workgroupBytes, Math.floor(most / 2));
  const forwardText = forwardKernel(forward.context);
  const backwardText = backwardKernel(backward.context);
  return {
    dims,
    products,
    records: backward.context.records,
    threads,
    pack: packKernel(products.size),
    forward: forwardText.kernel,
    backward: backwardText.kernel,
    logits: outputKernel(dims, products, "forward"),
    outputBackward: outputKernel(dims, products, "backward"),
    outputTraining: outputKernel(dims, products, "train"),
    gradients: gradientsKernel(dims, products),
    index: packedParameters(dims, products),
    scratch: { forward: forward.plan.scratchSize, backward: backward.plan.scratchSize },
    barriers: { forward: forwardText.barriers, backward: backwardText.barriers },
    workgroupBytes: { forward: forward.plan.workgroupBytes, backward: backward.plan.workgroupBytes },
    spilled: { forward: forward.spilled, backward: backward.spilled },
  };
}

/** As many invocations as the widest phase has work for, in whole warps. */
function threadsFor({ G, N, W, R, face }: Dims, most: number): number {
  const widest = Math.max(64, G, R * N, Math.ceil((N * W) / 4), face.size);
  const wanted = 2 ** Math.ceil(Math.log2(Math.min(widest, 1024)));
  return Math.max(1, Math.min(wanted, most));
}
