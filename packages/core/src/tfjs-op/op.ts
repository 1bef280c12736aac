import { firstOrder } from "@dnc/addressing";
import * as tf from "@tensorflow/tfjs-core";

/** Under this name a backend runs functions as ops. */
const KERNEL = "DncUnrollOps";

/** A function of tensors and its gradient. */
export type Op = {
  /**
   * @param save - saves what the gradient needs; every other tensor that is made here and not returned is disposed.
   * @returns two tensors or more.
   */
  forward(save: (tensors: readonly tf.Tensor[]) => void): tf.Tensor[];
  /**
   * @param dys - the gradient to each output, zeros where the objective does not depend on it.
   * @returns for each input what returns the gradient to it.
   */
  backward(dys: tf.Tensor[]): (() => tf.Tensor)[];
};

type Attributes = { readonly op: Op; readonly inputs: readonly tf.Tensor[]; readonly saved: tf.Tensor[] | undefined };

/**
 * Runs an op of several outputs, which `tf.customGrad` cannot have, and whose intermediate values cost no copy: the tape
 * owns them as they are and disposes them with all that it has saved, whether the gradient was asked for or not. The gradient
 * is one of first order: asking for a gradient of it throws.
 *
 * @param inputs - what the gradient may be asked to.
 */
export function runOp(inputs: readonly tf.Tensor[], op: Op): tf.Tensor[] {
  register();
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

function register(): void {
  const backendName = tf.getBackend();
  if (!tf.getKernel(KERNEL, backendName)) tf.registerKernel({ kernelName: KERNEL, backendName, kernelFunc });
  if (!tf.getGradient(KERNEL)) tf.registerGradient({ kernelName: KERNEL, gradFunc });
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

/** As `push`, for more tensors than a call can have arguments. */
function addTo(list: tf.Tensor[] | undefined, tensors: readonly tf.Tensor[]): void {
  for (const tensor of tensors) list?.push(tensor);
}

/** Under the flag IS_TEST, TensorFlow.js takes every tensor that is saved for the gradient for a leak. */
function withoutLeakCheck<Value>(run: () => Value): Value {
  const environment = tf.env();
  if (!environment.getBool("IS_TEST")) return run();
  environment.set("IS_TEST", false);
  try {
    return run();
  } finally {
    environment.set("IS_TEST", true);
  }
}
