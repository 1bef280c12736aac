import * as tf from "@tensorflow/tfjs-core";
import type { NetworkConfig } from "./core.js";
import { supportsStandardNetwork, whyNoSizes } from "./network.js";

/** The engine that computes the paper's network only, and says why it refuses another. */
const STANDARD_ONLY = "@dnc/engine-tfjs";

/** The package of the engine for each of TensorFlow.js's backends that has one. */
const PACKAGES: { readonly [backend: string]: string } = {
  cpu: "@dnc/engine-wasm",
  wasm: "@dnc/engine-wasm",
  webgpu: "@dnc/engine-webgpu",
  webgl: STANDARD_ONLY,
  tensorflow: STANDARD_ONLY,
};

/** The package of the engine for the current backend; undefined if there is none. */
export function enginePackage(): string | undefined {
  const backend = tf.getBackend();
  return Object.hasOwn(PACKAGES, backend) ? PACKAGES[backend] : undefined;
}

/**
 * Whether the engine for the current backend would compute a network, if it were imported.
 *
 * @param config - a configuration with every default filled in.
 */
export function wouldCompute(config: NetworkConfig): boolean {
  const name = enginePackage();
  if (name === undefined) return false;
  return name === STANDARD_ONLY ? supportsStandardNetwork(config) === true : whyNoSizes(config) === undefined;
}

/**
 * Says that the current backend has no engine, and which import brings one.
 *
 * @returns the reason for a message: the backend, and the package to import if there is one.
 */
export function missingEngine(): string {
  const name = enginePackage();
  return `no engine for backend ${tf.getBackend()}${name === undefined ? "" : `: import ${JSON.stringify(name)} to have one`}`;
}
