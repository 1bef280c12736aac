/** Loaded before every test file: one TensorFlow.js with gradients, quiet, on the CPU backend. */
import * as tf from "@tensorflow/tfjs";
import { beforeAll } from "vitest";
import "./matchers.js";

// PROD suppresses messages. Not IS_TEST, whose leak check reports what a custom gradient saves as a leak.
tf.enableProdMode();

beforeAll(async () => {
  await tf.setBackend("cpu");
  await tf.ready();
});
