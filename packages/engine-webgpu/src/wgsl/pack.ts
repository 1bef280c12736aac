import { NO_PARAMETER } from "../products.js";
import { declarations, type Kernel } from "./shader.js";

const THREADS = 256;
const MAX_GROUPS = 1024;

/** Generates the kernel that copies the parameters to packed matrices, plain and transposed, padded with zeros. */
export function packKernel(size: number): { kernel: Kernel; groups: number } {
  const bindings = [
    { name: "parameters", access: "read" },
    { name: "index", access: "read", type: "u32" },
    { name: "weights", access: "read_write" },
  ] as const;
  const groups = Math.min(MAX_GROUPS, Math.max(1, Math.ceil(size / THREADS)));
  const code = `${declarations(bindings)}
@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
for (var e = id.x; e < ${size}u; e += ${groups * THREADS}u) {
let at = index[e]; var value = 0f;
if (at != ${NO_PARAMETER}u) { value = parameters[at]; }
weights[e] = value;
}
}
`;
  return { kernel: { code, bindings }, groups };
}
