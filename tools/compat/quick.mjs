/** The quick form: the fast and most informative part of the suites. Vitest accepts prefixes of paths. */

/** Tests on another Node: files, WebAssembly with threads, processes and their output. */
export const ON_NODE = [
  "packages/checkpoint/test/node/durable",
  "packages/checkpoint/test/node/find",
  "packages/checkpoint/test/node/save",
  "packages/checkpoint/test/safetensors/",
  "packages/kernel/",
  "packages/engine-wasm/test/threads",
  "packages/engine-wasm/test/join",
  "packages/engine-wasm/test/training",
  "packages/tasks/",
  "apps/trainer/test/main",
  "apps/trainer/test/resume.test",
  "packages/runs/test/folder/",
];

/** Tests with another TensorFlow.js: every operation, gradient and layer that the libraries and the engine use. */
export const ON_TENSORFLOW = [
  "packages/addressing/",
  "packages/access/",
  "packages/controller/",
  "packages/core/",
  "packages/training/test/train-step",
  "packages/training/test/loss-function",
  "packages/training/test/rms-prop",
  "packages/training/test/clip-by-global-norm",
  "packages/checkpoint/test/variables",
  "packages/engine-tfjs/",
  "packages/kernel/",
  "packages/engine-wasm/test/coverage",
  "packages/engine-wasm/test/unroll",
];

/** Description of what is left out. */
export const LEFT_OUT = [
  "on the newest Node: addressing, access, controller, core, training, engine-tfjs, engine-webgpu, report; most of runs and the trainer; the reference cases; engine-native, which the release tests run there",
  "with the lowest TensorFlow.js: most of checkpoint, the loop of training, the kernel's training, memory and threads, engine-webgpu",
  "any other Node and TensorFlow.js, TypeScript, and jest",
];
