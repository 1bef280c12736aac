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

/** Name of the TensorFlow.js op that runs a network over a whole sequence. */
const UNROLL = "DncUnroll";
/** Name of the op that computes its gradient. */
const UNROLL_GRADIENT = "DncUnrollGradient";

/** Context of one run of the op's kernels. */
export interface UnrollRun {
  /** Sizes of the network. */
  readonly sizes: NetworkSizes;
  /** The backend that holds the data of the tensors. */
  readonly backend: tf.KernelBackend;
  /** Whether `backward` will follow, so that `forward` should save its residuals. */
  readonly saveForBackward: boolean;
}

/** The op's kernels on a backend. */
export interface UnrollKernels {
  /**
   * Runs a sequence.
   *
   * @param given - inputs, initial state and parameters, float32.
   * @param run - sizes, backend, and whether `backward` will follow.
   * @returns new tensors.
   */
  forward(given: UnrollInputs<tf.TensorInfo>, run: UnrollRun): UnrollOutputs<tf.TensorInfo>;
  /**
   * Computes the gradient to every input of the op.
   *
   * @param given - the same tensors as for `forward`.
   * @param gradients - gradients to the outputs of `forward`.
   * @param run - the same context as for `forward`.
   * @returns new tensors, in the shapes of `given`; none for the input mask.
   */
  backward(
    given: UnrollInputs<tf.TensorInfo>,
    gradients: UnrollOutputs<tf.TensorInfo>,
    run: UnrollRun,
  ): UnrollInputs<tf.TensorInfo>;
  /**
   * Runs a sequence without a gradient and returns quantities of every step. Absent: the kernels have none.
   *
   * @param given - the same tensors as for `forward`.
   * @param run - sizes and backend.
   * @param quantities - names of quantities, as in `TRACE_DIMENSIONS` of `@dnc/core`.
   * @returns new tensors, `trace` by the names, each `[time, batch, ...]`; undefined if the kernels do not have one of them, or not
   *   for such a sequence.
   */
  readonly trace?:
    | ((
        given: UnrollInputs<tf.TensorInfo>,
        run: Pick<UnrollRun, "sizes" | "backend">,
        quantities: readonly string[],
      ) => UnrollTrace | undefined)
    | undefined;
}

/** Outputs of the op, with quantities of every step. */
export type UnrollTrace = UnrollOutputs<tf.TensorInfo> & {
  /** Each `[time, batch, ...]`. */
  readonly trace: { readonly [quantity: string]: tf.TensorInfo };
};

/** What registered the op: an engine. */
export interface UnrollOpOwner {
  /** A short name, for messages. */
  readonly name: string;
  /**
   * Whether the kernels support a network.
   *
   * @param sizes - attributes of the op.
   * @returns true, or the reason why not.
   */
  supportsSizes(sizes: NetworkSizes): true | string;
}

type Registered = tf.KernelConfig & { readonly owner?: UnrollOpOwner };

/**
 * Registers the op and its gradient for some backends, replacing earlier registrations.
 *
 * @param kernels - the kernels of the op and of its gradient.
 * @param backends - names of TensorFlow.js backends.
 * @param owner - the value that `unrollOpOwner` returns for these backends, and what they support.
 */
export function registerUnrollOp(kernels: UnrollKernels, backends: readonly string[], owner: UnrollOpOwner): void {
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

/**
 * Finds the owner of the op's kernels.
 *
 * @param backend - the name of a TensorFlow.js backend.
 * @returns the owner given at registration; undefined if there is no op.
 */
export function unrollOpOwner(backend: string): UnrollOpOwner | undefined {
  return (tf.getKernel(UNROLL, backend) as Registered | undefined)?.owner;
}

/**
 * Runs the op on the current backend. Supports first-order gradients.
 *
 * @param given - inputs, initial state and parameters, float32; they still belong to the caller.
 * @param sizes - sizes of the network.
 * @returns new tensors.
 */
export function runUnrollOp(given: UnrollInputs<tf.Tensor>, sizes: NetworkSizes): UnrollOutputs<tf.Tensor> {
  return unpackOutputs(tf.engine().runKernel(UNROLL, packInputs(given) as never, { ...sizes }) as tf.Tensor[]);
}

/** Registers a kernel. Unregisters an earlier one first, because TensorFlow.js would print a warning. */
function register(config: Registered): void {
  const { kernelName, backendName } = config;
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel(config);
}

function forwardKernel(kernels: UnrollKernels): tf.KernelFunc {
  return (call) => {
    const saveForBackward = hasTape();
    const run = runOf(call);
    return packOutputs(kernels.forward(unpackInputs(infosOf(call), run.sizes.inputMask), { ...run, saveForBackward }));
  };
}

function backwardKernel(kernels: UnrollKernels): tf.KernelFunc {
  return (call) => {
    const run = runOf(call);
    const { given, gradients } = unpackGradientInputs(infosOf(call), run.sizes.inputMask);
    return packInputs(kernels.backward(given, gradients, { ...run, saveForBackward: true }));
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
  if (!(attrs as unknown as NetworkSizes).inputMask)
    return Object.fromEntries(gradients.map((gradient, index) => [index, () => gradient]));
  const [dInputs, ...rest] = gradients;
  const all = [() => dInputs, () => tf.zerosLike(saved[1]), ...rest.map((gradient) => () => gradient)];
  return Object.fromEntries(all.entries());
};

/** Whether the kernel that runs now is recorded for a gradient. A kernel called by another kernel never is. */
function hasTape(): boolean {
  const { gradientDepth, kernelDepth } = tf.engine().state;
  return gradientDepth > 0 && kernelDepth === 1;
}
