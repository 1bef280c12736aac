import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import { checkMatMul } from "./check-mat-mul.js";
import type { BackendProbe } from "./probe.js";

/** The properties of the native backend that tell what it runs on. */
interface NativeBackend {
  readonly isUsingGpuDevice?: boolean;
  readonly binding?: { readonly TF_Version?: string };
}

/** A package with a binding to libtensorflow, and how to install it. */
interface NativePackage {
  readonly name: string;
  readonly gpu: boolean;
  /** Installs it in a clone of the repository. */
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Environment variables: print errors only; no oneDNN, whose order of summation depends on the CPU. */
const QUIET = { TF_CPP_MIN_LOG_LEVEL: "2", TF_ENABLE_ONEDNN_OPTS: "0" };

const NODE: NativePackage = {
  name: "@tensorflow/tfjs-node",
  gpu: false,
  command: "npm run setup:node",
  environment: QUIET,
};

const CUDA: NativePackage = {
  name: "@tensorflow/tfjs-node-gpu",
  gpu: true,
  command: "npm run setup:cuda",
  environment: {
    ...QUIET,
    // Without this, GPUs from Ampere on round float32 products to ten bits of mantissa.
    NVIDIA_TF32_OVERRIDE: "0",
    // Without this, all memory of the GPU is allocated at once.
    TF_FORCE_GPU_ALLOW_GROWTH: "true",
  },
};

/** Starts libtensorflow on the CPU. */
export function probeNode(): Promise<BackendProbe> {
  return probeNative(NODE);
}

/** Starts libtensorflow on an NVIDIA GPU. */
export function probeCuda(): Promise<BackendProbe> {
  return probeNative(CUDA);
}

async function probeNative({ name, gpu, command, environment }: NativePackage): Promise<BackendProbe> {
  const fix = `run \`${command}\` in a clone of the repository, or \`npm rebuild ${name}\` beside the trainer`;
  // The library reads these variables when it is loaded; values set by the user are kept.
  for (const [variable, value] of Object.entries(environment)) process.env[variable] ??= value;
  restoreUtil();
  try {
    await import(name);
  } catch (error) {
    return { works: false, reason: whyNotLoaded(name, error), fix };
  }
  try {
    leaveToTensorFlow();
    if (!(await tf.setBackend("tensorflow"))) return { works: false, reason: `${name} does not start`, fix };
    const { isUsingGpuDevice, binding } = tf.backend() as unknown as NativeBackend;
    if (gpu && !isUsingGpuDevice) {
      return {
        works: false,
        reason: `${name} finds no NVIDIA GPU that it can use, and TensorFlow would compute on the CPU instead`,
        fix: "check the driver with `nvidia-smi`, and the CUDA libraries with `dnc doctor --backend=cuda`",
      };
    }
    if (!(await checkMatMul())) return { works: false, reason: `${name} computes a wrong matrix product`, fix };
    const library = binding?.TF_Version === undefined ? "" : `, libtensorflow ${binding.TF_Version}`;
    return { works: true, description: `${name} on ${gpu ? "an NVIDIA GPU" : "the CPU"}${library}` };
  } catch (error) {
    return { works: false, reason: `${name} fails on a matrix product: ${firstLine(error)}`, fix };
  }
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
function leaveToTensorFlow(): void {
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

function firstLine(error: unknown): string {
  return String((error as Error).message ?? error).split("\n")[0];
}
