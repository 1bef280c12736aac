import * as tf from "@tensorflow/tfjs";
import type { Attempt } from "./probe.js";

/** The TensorFlow.js CPU backend, on every machine; with the fused engine, where that covers the network. */
export async function tryCpu(): Promise<Attempt> {
  if (!(await tf.setBackend("cpu"))) {
    return { works: false, why: "TensorFlow.js could not start it", remedy: "reinstall @tensorflow/tfjs" };
  }
  return { works: true, what: "TensorFlow.js on the processor, nothing to install" };
}
