import type { CreateVariable } from "@dnc/addressing";
import * as tf from "@tensorflow/tfjs-core";

/** Creates a new `tf.Variable`. */
export const createFreeVariable: CreateVariable = (_name, initial) => tf.tidy(() => tf.variable(initial()));
