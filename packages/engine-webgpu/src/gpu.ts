import type { Kernel } from "./wgsl/shader.js";

/** A kernel that a device has compiled. */
export interface Compiled {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

const compiled = new WeakMap<GPUDevice, Map<string, Compiled>>();

/** Compiles a kernel once a device. */
export function compile(device: GPUDevice, { code, bindings }: Kernel): Compiled {
  const known = compiled.get(device) ?? new Map<string, Compiled>();
  compiled.set(device, known);
  const found = known.get(code);
  if (found) return found;
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
  known.set(code, { pipeline, layout });
  return { pipeline, layout };
}
