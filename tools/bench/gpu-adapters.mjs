/** Prints the graphics adapters that WebGPU finds, with their features and limits: `node tools/bench/gpu-adapters.mjs`. */
import { create } from "webgpu";

const gpu = create([]);
const adapters = new Set();
for (const powerPreference of ["high-performance", "low-power"]) {
  const adapter = await gpu.requestAdapter({ powerPreference });
  if (adapter) adapters.add(describe(adapter));
}
console.log([...adapters].join("\n") || "none");
// Exit at once: graphics libraries have their own threads and may crash during a normal exit.
process.stdout.write("", () => process.exit(0));

function describe({ info, features, limits }) {
  const { vendor, architecture, device, description, subgroupMinSize, subgroupMaxSize } = info;
  const names = [vendor, architecture, device, description].filter(Boolean).join(", ");
  const values = Object.keys(Object.getPrototypeOf(limits)).map((name) => `  ${name} ${limits[name]}`);
  return [
    `${names}; subgroups of ${subgroupMinSize} to ${subgroupMaxSize}`,
    `  features: ${[...features].sort().join(" ")}`,
    ...values.filter((line) => /Workgroup|Storage|BufferSize/.test(line)),
  ].join("\n");
}
