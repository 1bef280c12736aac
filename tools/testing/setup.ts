/** Loaded before every test file: one TensorFlow.js with gradients, quiet, on the CPU backend. */
import * as tf from "@tensorflow/tfjs";
import { beforeAll } from "vitest";
import "./matchers.js";

tf.env().set("IS_TEST", true);

beforeAll(async () => {
  await tf.setBackend("cpu");
  await tf.ready();
});
