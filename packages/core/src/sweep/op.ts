import * as tf from "@tensorflow/tfjs-core";

/** Under this name a backend runs functions as ops. */
const KERNEL = "DncSweep";

/** A function of tensors and its gradient. */
export type Op = {
  /**
   * @param keep - hands over what the gradient needs; everything else that is made here and not returned is gone then.
   * @returns two tensors or more.
   */
  forward(keep: (tensors: readonly tf.Tensor[]) => void): tf.Tensor[];
  /**
   * @param dys - the gradient to each output, zeros where the objective does not depend on it.
   * @returns for each input what returns the gradient to it.
   */
  backward(dys: tf.Tensor[]): (() => tf.Tensor)[];
};

type Attributes = { readonly op: Op; readonly kept: tf.Tensor[] | undefined };

/**
 * Runs an op of several outputs, which `tf.customGrad` cannot have, and whose intermediate values cost no copy: the tape
 * owns them as they are and disposes them with all that it has saved, whether the gradient was asked for or not.
 *
 * @param inputs - what the gradient may be asked to.
 */
export function runOp(inputs: readonly tf.Tensor[], op: Op): tf.Tensor[] {
  register();
  const engine = tf.engine();
  const kept: tf.Tensor[] | undefined = engine.isTapeOn() ? [] : undefined;
  const attributes: Attributes = { op, kept };
  const run = () => engine.runKernel(KERNEL, inputs as never, attributes as never) as tf.Tensor[];
  try {
    const outputs = withoutLeakCheck(run);
    if (kept) engine.state.activeTape.at(-1)?.saved?.push(...kept);
    return outputs;
  } catch (error) {
    tf.dispose(kept ?? []);
    throw error;
  }
}

function register(): void {
  const backendName = tf.getBackend();
  if (!tf.getKernel(KERNEL, backendName)) tf.registerKernel({ kernelName: KERNEL, backendName, kernelFunc });
  if (!tf.getGradient(KERNEL)) tf.registerGradient({ kernelName: KERNEL, gradFunc });
}

const kernelFunc: tf.KernelFunc = ({ attrs }) => {
  const { op, kept } = attrs as unknown as Attributes;
  return tf.tidy(() => op.forward((tensors) => kept?.push(...tensors.map((tensor) => tf.keep(tensor)))));
};

const gradFunc: tf.GradFunc = (dys, _saved, attrs) => {
  const { op } = attrs as unknown as Attributes;
  return Object.fromEntries(op.backward(dys as tf.Tensor[]).entries());
};

/** Under the flag IS_TEST, TensorFlow.js takes every tensor that is kept for the gradient for a leak. */
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
