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

/** Reference to Dawn, which must not be garbage-collected while its devices are in use. */
let dawn: Gpu | undefined;

/** Finds a graphics adapter. In Node.js it installs Dawn as `navigator.gpu`, as in a browser. */
export async function findAdapter(): Promise<FoundAdapter> {
  const scope = globalThis as { navigator?: { gpu?: Gpu } };
  if (!scope.navigator?.gpu) {
    const failure = await installDawn();
    if (failure) return { available: false, ...failure };
  }
  const adapter = await scope.navigator?.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) {
    const reason = "there is no graphics adapter that WebGPU can use";
    const driver =
      process.platform === "linux" ? "install the Vulkan driver of the GPU" : "update the driver of the GPU";
    return { available: false, reason, fix: `${driver}; \`dnc doctor --backend=webgpu\` says what there is` };
  }
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const names = [vendor, architecture, device, description].filter((part) => part);
  const name = description || names.join(" ") || "an adapter without a name";
  return { available: true, name, isSoftware: isFallbackAdapter === true || names.some((part) => SOFTWARE.test(part)) };
}

async function installDawn(): Promise<{ reason: string; fix: string } | undefined> {
  // Dawn prints warnings if the library is missing.
  if (process.platform === "linux" && sharedLibraries("libvulkan.so.1").length === 0) {
    const fix = "install it (Debian: `apt-get install libvulkan1`) and the Vulkan driver of the GPU";
    return { reason: "there is no Vulkan loader (libvulkan.so.1)", fix };
  }
  try {
    const { create, globals } = (await import(PACKAGE)) as { create(options: string[]): Gpu; globals: object };
    Object.assign(globalThis, globals);
    dawn = create([]);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
    const reason = isMissing
      ? `the package ${PACKAGE} is not installed`
      : `the package ${PACKAGE} cannot be loaded: ${firstLine(error)}`;
    return { reason, fix: `run \`npm install ${PACKAGE}@${VERSION}\` alongside the trainer` };
  }
  // Node.js has a navigator from version 21 on.
  const scope = globalThis as { navigator?: object };
  if (!scope.navigator)
    Object.defineProperty(scope, "navigator", { value: { userAgent: "Node.js" }, configurable: true });
  Object.defineProperty(scope.navigator, "gpu", { value: dawn, configurable: true });
  return undefined;
}
