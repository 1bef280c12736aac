import { sharedLibraries } from "./shared-libraries.js";
import { firstLine } from "./start-backend.js";

/** The part of `navigator.gpu` that is used here. */
interface Gpu {
  requestAdapter(options: { powerPreference: "high-performance" }): Promise<Adapter | null>;
}

interface Adapter {
  readonly info: Readonly<Record<"vendor" | "architecture" | "device" | "description", string>> & {
    readonly isFallbackAdapter?: boolean;
  };
}

/** Result of `findAdapter`: the adapter, or the reason why none was found and how to fix it. */
export type FoundAdapter =
  | { readonly available: true; readonly name: string; readonly isSoftware: boolean }
  | { readonly available: false; readonly reason: string; readonly fix: string };

const PACKAGE = "webgpu";
const VERSION = "0.6.2";
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software/i;

/**
 * Options of Dawn for an adapter in software: a loop clears a workgroup's memory. By default the driver does, and SwiftShader
 * compiles that to an instruction for each number, which takes a third of the time for our kernels.
 */
const SOFTWARE_OPTIONS = ["disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension"];

/** Creates Dawn. */
type Create = (options: string[]) => Gpu;

/** References to Dawn, which must not be garbage-collected while its devices are in use. */
const held: Gpu[] = [];

/** Finds a graphics adapter. In Node.js it installs Dawn as `navigator.gpu`, as in a browser. */
export async function findAdapter(): Promise<FoundAdapter> {
  const scope = globalThis as { navigator?: { gpu?: Gpu } };
  const request = () => scope.navigator?.gpu?.requestAdapter({ powerPreference: "high-performance" });
  let create: Create | undefined;
  if (!scope.navigator?.gpu) {
    const loaded = await loadDawn();
    if (typeof loaded !== "function") return { available: false, ...loaded };
    create = loaded;
  }
  let adapter = await request();
  if (create && adapter && describe(adapter).isSoftware) {
    installDawn(create(SOFTWARE_OPTIONS));
    adapter = await request();
  }
  if (!adapter) {
    const reason = "there is no graphics adapter that WebGPU can use";
    const driver =
      process.platform === "linux" ? "install the Vulkan driver of the GPU" : "update the driver of the GPU";
    return { available: false, reason, fix: `${driver}; \`dnc doctor --backend=webgpu\` says what there is` };
  }
  return { available: true, ...describe(adapter) };
}

function describe({ info }: Adapter): { name: string; isSoftware: boolean } {
  const { vendor, architecture, device, description, isFallbackAdapter } = info;
  const names = [vendor, architecture, device, description].filter((part) => part);
  const name = description || names.join(" ") || "an adapter without a name";
  return { name, isSoftware: isFallbackAdapter === true || names.some((part) => SOFTWARE.test(part)) };
}

/** Imports Dawn and installs it; returns what creates it with other options, or the reason if that fails. */
async function loadDawn(): Promise<Create | { reason: string; fix: string }> {
  // Dawn prints warnings if the library is missing.
  if (process.platform === "linux" && sharedLibraries("libvulkan.so.1").length === 0) {
    const fix = "install it (Debian: `apt-get install libvulkan1`) and the Vulkan driver of the GPU";
    return { reason: "there is no Vulkan loader (libvulkan.so.1)", fix };
  }
  try {
    const { create, globals } = (await import(PACKAGE)) as { create: Create; globals: object };
    Object.assign(globalThis, globals);
    installDawn(create([]));
    return create;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
    const reason = isMissing
      ? `the package ${PACKAGE} is not installed`
      : `the package ${PACKAGE} cannot be loaded: ${firstLine(error)}`;
    return { reason, fix: `run \`npm install ${PACKAGE}@${VERSION}\` alongside the trainer` };
  }
}

/** Makes Dawn `navigator.gpu`. */
function installDawn(dawn: Gpu): void {
  held.push(dawn);
  // Node.js has a navigator from version 21 on.
  const scope = globalThis as { navigator?: object };
  if (!scope.navigator)
    Object.defineProperty(scope, "navigator", { value: { userAgent: "Node.js" }, configurable: true });
  Object.defineProperty(scope.navigator, "gpu", { value: dawn, configurable: true });
}
