import * as tf from "@tensorflow/tfjs";
import { productIsRight } from "./check-mat-mul.js";
import { findAdapter } from "./dawn.js";
import type { Attempt } from "./probe.js";

/** Any GPU, without CUDA; with the fused kernels, where they cover the network. */
export async function tryWebGpu(): Promise<Attempt> {
  const adapter = await findAdapter();
  if (!adapter.there) return { works: false, why: adapter.why, remedy: adapter.remedy };
  const remedy = "update the driver of the GPU, or use --backend cpu";
  try {
    await import("@tensorflow/tfjs-backend-webgpu");
    if (!(await tf.setBackend("webgpu")))
      return { works: false, why: `${adapter.name} gives TensorFlow.js no device`, remedy };
    if (!(await productIsRight()))
      return { works: false, why: `${adapter.name} computes a wrong matrix product`, remedy };
  } catch (error) {
    const [message] = String((error as Error).message ?? error).split("\n");
    return { works: false, why: `${adapter.name} fails on a matrix product: ${message}`, remedy };
  }
  return { works: true, what: `WebGPU on ${adapter.name}`, isSoftware: adapter.isSoftware };
}
