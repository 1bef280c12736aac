import { firstOrder, withoutLeakCheck } from "@dnc/addressing";
import * as tf from "@tensorflow/tfjs-core";

/** Kernel name under which a backend runs functions as ops. The registration holds their owner, an engine. */
const KERNEL = "DncUnrollOps";

type Registered = tf.KernelConfig & { readonly owner?: unknown };

/** An op with a custom gradient. */
export type Op = {
  /**
   * @param save - saves tensors for the gradient; every other tensor that is created here and not returned is disposed.
   * @returns two or more tensors.
   */
  forward(save: (tensors: readonly tf.Tensor[]) => void): tf.Tensor[];
  /**
   * @param dys - the gradient to each output, zeros where the objective does not depend on it.
   * @returns for each input a function that computes the gradient to it.
   */
  backward(dys: tf.Tensor[]): (() => tf.Tensor)[];
};

type Attributes = { readonly op: Op; readonly inputs: readonly tf.Tensor[]; readonly saved: tf.Tensor[] | undefined };

/**
 * Lets backends run functions as ops.
 *
 * @param backends - names of TensorFlow.js backends.
 * @param owner - the value that `opOwner` returns for these backends.
 */
export function registerOp(backends: readonly string[], owner: unknown): void {
  for (const backendName of backends) {
    if (tf.getKernel(KERNEL, backendName)) tf.unregisterKernel(KERNEL, backendName);
    const config: Registered = { kernelName: KERNEL, backendName, owner, kernelFunc };
    tf.registerKernel(config);
  }
  if (!tf.getGradient(KERNEL)) tf.registerGradient({ kernelName: KERNEL, gradFunc });
}

/** Finds the owner that a backend was registered with; undefined if there is none. */
export function opOwner(backend: string): unknown {
  return (tf.getKernel(KERNEL, backend) as Registered | undefined)?.owner;
}

/**
 * Runs an op on the current backend, which must be registered. Unlike an op of `tf.customGrad` it has several outputs,
 * and saved tensors are not copied: the tape owns them and disposes them with everything else that it has saved,
 * whether or not the gradient is computed. Only first-order gradients are supported; differentiating the gradient
 * throws.
 *
 * @param inputs - the tensors for which gradients can be requested.
 */
export function runOp(inputs: readonly tf.Tensor[], op: Op): tf.Tensor[] {
  const engine = tf.engine();
  const saved: tf.Tensor[] | undefined = engine.isTapeOn() ? [] : undefined;
  const attributes: Attributes = { op, inputs, saved };
  const run = () => engine.runKernel(KERNEL, inputs as never, attributes as never) as tf.Tensor[];
  try {
    const outputs = withoutLeakCheck(run);
    if (saved) addTo(engine.state.activeTape.at(-1)?.saved, saved);
    return outputs;
  } catch (error) {
    tf.dispose(saved ?? []);
    throw error;
  }
}

const kernelFunc: tf.KernelFunc = ({ attrs }) => {
  const { op, saved } = attrs as unknown as Attributes;
  return tf.tidy(() => op.forward((tensors) => saved && addTo(saved, tensors.map(tf.keep))));
};

const gradFunc: tf.GradFunc = (dys, _saved, attrs) => {
  const { op, inputs } = attrs as unknown as Attributes;
  const from = [...(dys as tf.Tensor[]), ...inputs];
  const gradients = op.backward(dys as tf.Tensor[]).map((compute) => () => firstOrder([compute()], from)[0]);
  return Object.fromEntries(gradients.entries());
};

/** Like `push(...tensors)`, for more tensors than a call can have arguments. */
function addTo(list: tf.Tensor[] | undefined, tensors: readonly tf.Tensor[]): void {
  for (const tensor of tensors) list?.push(tensor);
}
