import { findAdapter } from "./dawn.js";
import type { BackendProbe } from "./probe.js";
import { startBackend } from "./start-backend.js";

/** Starts the WebGPU backend, which works on any GPU without CUDA, and loads its engine. */
export async function probeWebGpu(): Promise<BackendProbe> {
  const adapter = await findAdapter();
  if (!adapter.available) return { works: false, reason: adapter.reason, fix: adapter.fix };
  const load = async () => {
    await import("@tensorflow/tfjs-backend-webgpu");
    await import("@dnc/engine-webgpu");
  };
  const { name, isSoftware } = adapter;
  const reason = await startBackend("webgpu", name, { load, notStarted: `${name} gives TensorFlow.js no device` });
  if (reason !== undefined) return { works: false, reason, fix: "update the driver of the GPU, or use --backend cpu" };
  return { works: true, description: `WebGPU on ${name}`, isSoftware };
}
