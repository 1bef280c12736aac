import { tf } from "../tensorflow.js";
import type { BackendProbe } from "./probe.js";

/**
 * Starts the CPU backend of TensorFlow.js, which works on every machine. `selectEngine` selects what computes on it.
 */
export async function probeCpu(): Promise<BackendProbe> {
  if (!(await tf.setBackend("cpu"))) {
    return { works: false, reason: "TensorFlow.js could not start it", fix: "reinstall @tensorflow/tfjs" };
  }
  return { works: true, description: "TensorFlow.js on the CPU, nothing to install" };
}
