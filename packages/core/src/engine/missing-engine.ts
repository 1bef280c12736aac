import * as tf from "@tensorflow/tfjs-core";

/** The package of the engine for each of TensorFlow.js's backends that has one. */
const PACKAGES: { readonly [backend: string]: string } = {
  cpu: "@dnc/engine-wasm",
  wasm: "@dnc/engine-wasm",
  webgpu: "@dnc/engine-webgpu",
  webgl: "@dnc/engine-tfjs",
  tensorflow: "@dnc/engine-tfjs",
};

/** The package of the engine for the current backend; undefined if there is none. */
export function enginePackage(): string | undefined {
  const backend = tf.getBackend();
  return Object.hasOwn(PACKAGES, backend) ? PACKAGES[backend] : undefined;
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
