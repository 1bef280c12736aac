import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import type { Attempt } from "./attempt.js";
import { productIsRight } from "./product-is-right.js";

const VERSION = "4.22.0";

/** The parts of the TensorFlow.js native backend that tell what it runs on. */
interface NativeBackend {
  readonly isUsingGpuDevice?: boolean;
}

/** libtensorflow on the processor. */
export function tryNode(): Promise<Attempt> {
  return tryNative("@tensorflow/tfjs-node", { gpu: false });
}

/** libtensorflow on an NVIDIA GPU. */
export function tryCuda(): Promise<Attempt> {
  return tryNative("@tensorflow/tfjs-node-gpu", { gpu: true });
}

async function tryNative(packageName: string, { gpu }: { gpu: boolean }): Promise<Attempt> {
  const install = `npm install ${packageName}@${VERSION}`;
  // Node 23 took this away, and nearly every native operation needs it.
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
  try {
    await import(packageName);
  } catch (error) {
    const message = firstLine(error);
    const absent = (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND" && message.includes(packageName);
    const why = absent ? `${packageName} is not installed` : `${packageName} cannot be loaded: ${message}`;
    return { works: false, why, remedy: absent ? `run ${install} beside the trainer` : `reinstall it: ${install}` };
  }
  try {
    if (!(await tf.setBackend("tensorflow"))) {
      return { works: false, why: `${packageName} does not start`, remedy: `reinstall it: ${install}` };
    }
    if (gpu && !(tf.backend() as unknown as NativeBackend).isUsingGpuDevice) {
      const remedy = "check the driver with nvidia-smi, and CUDA and cuDNN for its libtensorflow";
      return { works: false, why: `${packageName} finds no NVIDIA GPU that it can use`, remedy };
    }
    if (!(await productIsRight())) {
      return {
        works: false,
        why: `${packageName} computes a wrong matrix product`,
        remedy: `reinstall it: ${install}`,
      };
    }
  } catch (error) {
    const why = `${packageName} fails on a matrix product: ${firstLine(error)}`;
    return { works: false, why, remedy: `reinstall it: ${install}` };
  }
  return { works: true, what: `${packageName} on ${gpu ? "an NVIDIA GPU" : "the processor"}` };
}

function firstLine(error: unknown): string {
  return String((error as Error).message ?? error).split("\n")[0];
}
