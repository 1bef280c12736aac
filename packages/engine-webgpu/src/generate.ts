import type { NetworkSizes } from "@dnc/core/engine";
import { type Products, packedParameters, planProducts } from "./products.js";
import { type Dims, dimsOf } from "./sizes.js";
import { backwardKernel } from "./wgsl/backward.js";
import { planBackward } from "./wgsl/backward-plan.js";
import { forwardKernel } from "./wgsl/forward.js";
import { planForward } from "./wgsl/forward-plan.js";
import { gradientsKernel } from "./wgsl/gradients.js";
import type { LossOptions } from "./wgsl/losses.js";
import { outputKernel } from "./wgsl/output.js";
import { packKernel } from "./wgsl/pack.js";
import type { Records } from "./wgsl/records.js";
import type { Kernel } from "./wgsl/shader.js";

/** Limits of a device that the kernels depend on. */
export interface DeviceLimits {
  /** Workgroup memory, in bytes. */
  readonly workgroupBytes: number;
  /** Largest number of invocations of a workgroup. */
  readonly threads: number;
}

/** Kernels of a network for a device, and their sizes. */
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
  /** Index of the parameter at each place of the packed weights. */
  readonly index: Uint32Array;
  /** Scratch elements per batch element. */
  readonly scratch: { readonly forward: number; readonly backward: number };
  /** Barriers per time step. */
  readonly barriers: { readonly forward: number; readonly backward: number };
  readonly workgroupBytes: { readonly forward: number; readonly backward: number };
  /** Names of the arrays that do not fit into workgroup memory. */
  readonly spilled: { readonly forward: readonly string[]; readonly backward: readonly string[] };
}

const SIGMOID: LossOptions = { loss: "sigmoid", groupSizes: [] };

/**
 * Generates all kernels of a network.
 *
 * @param loss - the loss of `outputTraining`; default: the sigmoid cross-entropy.
 */
export function generate(sizes: NetworkSizes, limits: DeviceLimits, loss: LossOptions = SIGMOID): Generated {
  const dims = dimsOf(sizes);
  const threads = threadsFor(dims, limits.threads);
  // Partial sums take at most a quarter of workgroup memory; a float32 has four bytes.
  const maxParts = Math.max(64, Math.floor(limits.workgroupBytes / 16));
  const products = planProducts(dims, threads, maxParts);
  const forward = planForward(dims, products, threads, limits.workgroupBytes, Math.floor(maxParts / 2));
  const backward = planBackward(dims, products, threads, limits.workgroupBytes, Math.floor(maxParts / 2));
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
    logits: outputKernel(dims, products, "forward", loss),
    outputBackward: outputKernel(dims, products, "backward", loss),
    outputTraining: outputKernel(dims, products, "train", loss),
    gradients: gradientsKernel(dims, products),
    index: packedParameters(dims, products),
    scratch: { forward: forward.plan.scratchSize, backward: backward.plan.scratchSize },
    barriers: { forward: forwardText.barriers, backward: backwardText.barriers },
    workgroupBytes: { forward: forward.plan.workgroupBytes, backward: backward.plan.workgroupBytes },
    spilled: { forward: forward.spilled, backward: backward.spilled },
  };
}

/** Returns the number of invocations: the work of the widest phase, rounded up to a power of two, within the limit. */
function threadsFor({ G, N, W, R, interfaceLayout }: Dims, max: number): number {
  const widest = Math.max(64, G, R * N, Math.ceil((N * W) / 4), interfaceLayout.size);
  const wanted = 2 ** Math.ceil(Math.log2(Math.min(widest, 1024)));
  return Math.max(1, Math.min(wanted, max));
}
