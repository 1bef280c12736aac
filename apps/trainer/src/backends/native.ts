import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import { checkMatMul } from "./check-mat-mul.js";
import type { BackendProbe } from "./probe.js";

/** The parts of the TensorFlow.js native backend that tell what it runs on. */
interface NativeBackend {
  readonly isUsingGpuDevice?: boolean;
  readonly binding?: { readonly TF_Version?: string };
}

/** A package with a binding to libtensorflow, and what makes it work. */
interface NativePackage {
  readonly name: string;
  readonly gpu: boolean;
  /** In a clone of the repository. */
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Only errors are of interest; and oneDNN, which says that it is there, sums up in an order that depends on the processor. */
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
    // From Ampere on, products of float32 would be rounded to ten bits of mantissa.
    NVIDIA_TF32_OVERRIDE: "0",
    // Otherwise all memory of the GPU is taken at once.
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
  // The library reads them when it is loaded; what the user has set stays.
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
 * Two functions of Node's that nearly every native operation calls: Node 23 took the one away, and from Node 22 on the other
 * warns on standard error that it is next.
 */
function restoreUtil(): void {
  const legacy = util as { isNullOrUndefined?: unknown; isArray?: unknown };
  legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  legacy.isArray = Array.isArray;
}

/**
 * Takes the fused kernels of the processor away from this backend: they are for programs that have TensorFlow's binding for
 * other reasons. Here TensorFlow is to compute, and from a GPU they would fetch everything back.
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
