import { secondOrderError } from "@dnc/addressing";
import * as tf from "@tensorflow/tfjs-core";
import type { NetworkSizes } from "./sizes.js";
import {
  packInputs,
  packOutputs,
  type UnrollInputs,
  type UnrollOutputs,
  unpackGradientInputs,
  unpackInputs,
  unpackOutputs,
} from "./tensors.js";

/** A whole sequence of a network as one op of TensorFlow.js. */
const UNROLL = "DncUnroll";
/** Its gradient. */
const UNROLL_GRADIENT = "DncUnrollGradient";

/** One run of the op's kernels. */
export interface UnrollRun {
  /** The network. */
  readonly sizes: NetworkSizes;
  /** Holds the numbers of the tensors. */
  readonly backend: tf.KernelBackend;
  /** Whether `backward` will follow, so that what it needs is worth keeping. */
  readonly saveForBackward: boolean;
}

/** The op's kernels on a backend. */
export interface UnrollKernels {
  /**
   * Runs a sequence.
   *
   * @param given - of float32.
   * @param run - network, backend, and whether `backward` will follow.
   * @returns new tensors.
   */
  forward(given: UnrollInputs<tf.TensorInfo>, run: UnrollRun): UnrollOutputs<tf.TensorInfo>;
  /**
   * Computes the gradient to everything that the op took.
   *
   * @param given - as `forward` had it.
   * @param gradients - to what `forward` returned.
   * @param run - as `forward` had it.
   * @returns new tensors, in the shapes of `given`.
   */
  backward(
    given: UnrollInputs<tf.TensorInfo>,
    gradients: UnrollOutputs<tf.TensorInfo>,
    run: UnrollRun,
  ): UnrollInputs<tf.TensorInfo>;
}

type Registered = tf.KernelConfig & { readonly owner?: unknown };

/**
 * Registers the op and its gradient for some backends, in place of what was registered for them before.
 *
 * @param kernels - compute both.
 * @param backends - names of TensorFlow.js backends.
 * @param owner - what `unrollOpOwner` returns for these backends.
 */
export function registerUnrollOp(kernels: UnrollKernels, backends: readonly string[], owner: unknown): void {
  for (const backendName of backends) {
    register({ kernelName: UNROLL, backendName, owner, kernelFunc: forwardKernel(kernels) });
    register({ kernelName: UNROLL_GRADIENT, backendName, owner, kernelFunc: backwardKernel(kernels) });
  }
  if (tf.getGradient(UNROLL)) return;
  tf.registerGradient({ kernelName: UNROLL, saveAllInputs: true, gradFunc });
  tf.registerGradient({
    kernelName: UNROLL_GRADIENT,
    gradFunc: () => {
      throw secondOrderError();
    },
  });
}

/** Whether the current backend has the op. */
export function hasUnrollOp(): boolean {
  return tf.getKernel(UNROLL, tf.getBackend()) !== undefined;
}

/**
 * Whose kernels compute the op.
 *
 * @param backend - the name of a TensorFlow.js backend.
 * @returns the owner that they were registered with; undefined if there is no op or it has no owner.
 */
export function unrollOpOwner(backend: string): unknown {
  return (tf.getKernel(UNROLL, backend) as Registered | undefined)?.owner;
}

/**
 * Runs the op on the current backend. It has a gradient of first order.
 *
 * @param given - of float32; it stays the caller's.
 * @param sizes - of the network.
 * @returns new tensors.
 */
export function runUnrollOp(given: UnrollInputs<tf.Tensor>, sizes: NetworkSizes): UnrollOutputs<tf.Tensor> {
  return unpackOutputs(tf.engine().runKernel(UNROLL, packInputs(given) as never, { ...sizes }) as tf.Tensor[]);
}

/** Registers a kernel without the warning that TensorFlow.js prints where there was one already. */
function register(config: Registered): void {
  const { kernelName, backendName } = config;
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel(config);
}

function forwardKernel(kernels: UnrollKernels): tf.KernelFunc {
  return (call) => {
    const saveForBackward = hasTape();
    return packOutputs(kernels.forward(unpackInputs(infosOf(call)), { ...runOf(call), saveForBackward }));
  };
}

function backwardKernel(kernels: UnrollKernels): tf.KernelFunc {
  return (call) => {
    const { given, gradients } = unpackGradientInputs(infosOf(call));
    return packInputs(kernels.backward(given, gradients, { ...runOf(call), saveForBackward: true }));
  };
}

type Call = Parameters<tf.KernelFunc>[0];

function infosOf({ inputs }: Call): readonly tf.TensorInfo[] {
  return inputs as unknown as readonly tf.TensorInfo[];
}

function runOf({ attrs, backend }: Call): Pick<UnrollRun, "sizes" | "backend"> {
  return { sizes: attrs as unknown as NetworkSizes, backend: backend as tf.KernelBackend };
}

const gradFunc: tf.GradFunc = (dys, saved, attrs) => {
  const inputs = [...saved, ...(dys as tf.Tensor[])];
  const gradients = tf.engine().runKernel(UNROLL_GRADIENT, inputs as never, attrs) as tf.Tensor[];
  return Object.fromEntries(gradients.map((gradient, index) => [index, () => gradient]));
};

/** Whether a gradient will be asked of the kernel that runs now: of no kernel within another. */
function hasTape(): boolean {
  const { gradientDepth, kernelDepth } = tf.engine().state;
  return gradientDepth > 0 && kernelDepth === 1;
}
