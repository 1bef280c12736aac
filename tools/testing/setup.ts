/** Loaded before every test file: one TensorFlow.js with gradients, quiet, on the CPU backend. */
import * as tf from "@tensorflow/tfjs";
import { beforeAll } from "vitest";
import "./matchers.js";

// Quiet; and not IS_TEST, whose leak check takes what a custom gradient saves for a leak.
tf.enableProdMode();

beforeAll(async () => {
  await tf.setBackend("cpu");
  await tf.ready();
});
