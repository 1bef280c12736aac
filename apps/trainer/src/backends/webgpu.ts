import * as tf from "@tensorflow/tfjs";
import { checkMatMul } from "./check-mat-mul.js";
import { findAdapter } from "./dawn.js";
import type { BackendProbe } from "./probe.js";

/** Starts WebGPU, which works on any GPU without CUDA, with its engine if that supports the network. */
export async function probeWebGpu(): Promise<BackendProbe> {
  const adapter = await findAdapter();
  if (!adapter.available) return { works: false, reason: adapter.reason, fix: adapter.fix };
  const fix = "update the driver of the GPU, or use --backend cpu";
  try {
    await import("@tensorflow/tfjs-backend-webgpu");
    await import("@dnc/engine-webgpu");
    if (!(await tf.setBackend("webgpu")))
      return { works: false, reason: `${adapter.name} gives TensorFlow.js no device`, fix };
    if (!(await checkMatMul())) return { works: false, reason: `${adapter.name} computes a wrong matrix product`, fix };
  } catch (error) {
    const [message] = String((error as Error).message ?? error).split("\n");
    return { works: false, reason: `${adapter.name} fails on a matrix product: ${message}`, fix };
  }
  return { works: true, description: `WebGPU on ${adapter.name}`, isSoftware: adapter.isSoftware };
}
