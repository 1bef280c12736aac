import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import type { BackendProbe } from "./probe.js";
import { firstLine, startBackend } from "./start-backend.js";

/** The properties of the native backend that tell what it runs on. */
interface NativeBackend {
  readonly isUsingGpuDevice?: boolean;
  readonly binding?: { readonly TF_Version?: string };
}

/** Print errors only; no oneDNN, whose order of summation depends on the CPU. */
const QUIET = { TF_CPP_MIN_LOG_LEVEL: "2", TF_ENABLE_ONEDNN_OPTS: "0" };

const ON_GPU = {
  ...QUIET,
  // From Ampere on, float32 products would be rounded to ten bits of mantissa.
  NVIDIA_TF32_OVERRIDE: "0",
  // Otherwise all memory of the GPU is taken at once.
  TF_FORCE_GPU_ALLOW_GROWTH: "true",
};

/** Starts libtensorflow on the CPU. */
export function probeNode(): Promise<BackendProbe> {
  return probeNative("@tensorflow/tfjs-node", "npm run setup:node", QUIET);
}

/** Starts libtensorflow on an NVIDIA GPU. */
export function probeCuda(): Promise<BackendProbe> {
  return probeNative("@tensorflow/tfjs-node-gpu", "npm run setup:cuda", ON_GPU);
}

/**
 * @param name - of a package with a binding to libtensorflow.
 * @param command - installs it in a clone of the repository.
 * @param environment - variables that the library reads when it is loaded; the user's values stay.
 */
async function probeNative(name: string, command: string, environment: object): Promise<BackendProbe> {
  const fix = `run \`${command}\` in a clone of the repository, or \`npm rebuild ${name}\` beside the trainer`;
  for (const [variable, value] of Object.entries(environment)) process.env[variable] ??= value;
  restoreUtil();
  try {
    await import(name);
  } catch (error) {
    return { works: false, reason: whyNotLoaded(name, error), fix };
  }
  const reason = await startBackend("tensorflow", name, { load: leaveToTensorFlow });
  if (reason !== undefined) return { works: false, reason, fix };
  const { isUsingGpuDevice, binding } = tf.backend() as unknown as NativeBackend;
  if (environment === ON_GPU && !isUsingGpuDevice) {
    return {
      works: false,
      reason: `${name} finds no NVIDIA GPU that it can use, and TensorFlow would compute on the CPU instead`,
      fix: "check the driver with `nvidia-smi`, and the CUDA libraries with `dnc doctor --backend=cuda`",
    };
  }
  const library = binding?.TF_Version === undefined ? "" : `, libtensorflow ${binding.TF_Version}`;
  return { works: true, description: `${name} on ${environment === ON_GPU ? "an NVIDIA GPU" : "the CPU"}${library}` };
}

/**
 * Restores two functions of Node that nearly every native operation calls: Node 23 removed one, and since Node 22 the
 * other prints a deprecation warning.
 */
function restoreUtil(): void {
  const legacy = util as { isNullOrUndefined?: unknown; isArray?: unknown };
  legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  legacy.isArray = Array.isArray;
}

/**
 * Removes the CPU engine's kernels from this backend: TensorFlow should compute, and on a GPU the kernels would copy
 * all data back.
 */
async function leaveToTensorFlow(): Promise<void> {
  for (const kernel of ["DncUnroll", "DncUnrollGradient"]) {
    if (tf.getKernel(kernel, "tensorflow")) tf.unregisterKernel(kernel, "tensorflow");
  }
}

function whyNotLoaded(name: string, error: unknown): string {
  const message = firstLine(error);
  if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND" && message.includes(name)) {
    return `${name} is not installed`;
  }
  if (/tfjs_binding\.node\) can not be found/.test(message)) return `${name} is installed without its native binding`;
  return `${name} cannot be loaded: ${message}`;
}
