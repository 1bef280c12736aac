import * as tf from "@tensorflow/tfjs";
import type { Attempt } from "./attempt.js";

/** The TensorFlow.js CPU backend: plain JavaScript, on every machine. */
export async function tryCpu(): Promise<Attempt> {
  if (!(await tf.setBackend("cpu"))) {
    return { works: false, why: "TensorFlow.js could not start it", remedy: "reinstall @tensorflow/tfjs" };
  }
  return { works: true, what: "TensorFlow.js on one processor core" };
}
