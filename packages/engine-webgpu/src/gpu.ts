import type { Kernel } from "./wgsl/shader.js";

/** A compiled kernel. */
export interface CompiledKernel {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

const caches = new WeakMap<GPUDevice, Map<string, CompiledKernel>>();

/** Compiles a kernel, once per device. */
export function compile(device: GPUDevice, { code, bindings }: Kernel): CompiledKernel {
  const cache = caches.get(device) ?? new Map<string, CompiledKernel>();
  caches.set(device, cache);
  const cached = cache.get(code);
  if (cached) return cached;
  const buffers = bindings.map(
    ({ access }) => (access === "read" ? "read-only-storage" : "storage") as GPUBufferBindingType,
  );
  const layout = device.createBindGroupLayout({
    entries: ["uniform" as const, ...buffers].map((type, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type },
    })),
  });
  const pipeline = device.createComputePipeline({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ code }), entryPoint: "main" },
  });
  cache.set(code, { pipeline, layout });
  return { pipeline, layout };
}
