import util from "node:util";
import { tf } from "../tensorflow.js";
import type { BackendProbe } from "./probe.js";
import { firstLine, startBackend } from "./start-backend.js";

/** Properties of the native backend that describe its device and library. */
interface NativeBackend {
  readonly isUsingGpuDevice?: boolean;
  readonly binding?: { readonly TF_Version?: string };
}

/** Environment of the library: prints errors only, and no oneDNN, whose order of summation depends on the CPU. */
const CPU_ENV = { TF_CPP_MIN_LOG_LEVEL: "2", TF_ENABLE_ONEDNN_OPTS: "0" };

const GPU_ENV = {
  ...CPU_ENV,
  // Otherwise Ampere and later GPUs round the factors of float32 products to 10 bits of mantissa.
  NVIDIA_TF32_OVERRIDE: "0",
  // Otherwise TensorFlow allocates all memory of the GPU at once.
  TF_FORCE_GPU_ALLOW_GROWTH: "true",
};

/** Starts libtensorflow on the CPU. */
export function probeNode(): Promise<BackendProbe> {
  return probeNative("@tensorflow/tfjs-node", "npm run setup:node", CPU_ENV);
}

/** Starts libtensorflow on an NVIDIA GPU. */
export function probeCuda(): Promise<BackendProbe> {
  return probeNative("@tensorflow/tfjs-node-gpu", "npm run setup:cuda", GPU_ENV);
}

/**
 * Starts libtensorflow.
 *
 * @param name - package with a binding to libtensorflow.
 * @param command - command that installs it in a clone of the repository.
 * @param environment - variables that the library reads when it is loaded; values set by the user have priority.
 */
async function probeNative(name: string, command: string, environment: object): Promise<BackendProbe> {
  const fix = `run \`${command}\` in a clone of the repository, or \`npm rebuild ${name}\` alongside the trainer`;
  for (const [variable, value] of Object.entries(environment)) process.env[variable] ??= value;
  restoreUtil();
  try {
    await import(name);
  } catch (error) {
    return { works: false, reason: loadFailure(name, error), fix };
  }
  const reason = await startBackend("tensorflow", name, { load: removeCustomKernels });
  if (reason !== undefined) return { works: false, reason, fix };
  const { isUsingGpuDevice, binding } = tf.backend() as unknown as NativeBackend;
  if (environment === GPU_ENV && !isUsingGpuDevice) {
    return {
      works: false,
      reason: `${name} finds no NVIDIA GPU that it can use, and TensorFlow would compute on the CPU instead`,
      fix: "check the driver with `nvidia-smi`, and the CUDA libraries with `dnc doctor --backend=cuda`",
    };
  }
  const library = binding?.TF_Version === undefined ? "" : `, libtensorflow ${binding.TF_Version}`;
  return { works: true, description: `${name} on ${environment === GPU_ENV ? "an NVIDIA GPU" : "the CPU"}${library}` };
}

/**
 * Restores two functions of Node that nearly every native operation calls: Node 23 removed one, and the other prints a
 * deprecation warning since Node 22.
 */
function restoreUtil(): void {
  const legacy = util as { isNullOrUndefined?: unknown; isArray?: unknown };
  legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  legacy.isArray = Array.isArray;
}

/**
 * Removes the kernels of the CPU engine from this backend, so that TensorFlow computes. On a GPU the kernels would copy
 * all data to the CPU.
 */
async function removeCustomKernels(): Promise<void> {
  for (const kernel of ["DncUnroll", "DncUnrollGradient"]) {
    if (tf.getKernel(kernel, "tensorflow")) tf.unregisterKernel(kernel, "tensorflow");
  }
}

function loadFailure(name: string, error: unknown): string {
  const message = firstLine(error);
  if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND" && message.includes(name)) {
    return `${name} is not installed`;
  }
  if (/tfjs_binding\.node\) can not be found/.test(message)) return `${name} is installed without its native binding`;
  return `${name} cannot be loaded: ${message}`;
}
