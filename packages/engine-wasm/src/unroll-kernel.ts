import {
  mapState,
  NetworkCache,
  type NetworkSizes,
  UNROLL_STATE,
  type UnrollInputs,
  type UnrollKernels,
  type UnrollRun,
} from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { copyRows, Network, padded } from "./network.js";
import { defaultThreads } from "./options.js";
import { getRuntime, type Runtime, whyNoRuntime } from "./runtime.js";
import { carriedRows, putGradient, putState, takeGradient, takeState } from "./state.js";

type Values = Float32Array;
type Given = UnrollInputs<tf.TensorInfo>;

/** The kernels of the unroll op. */
export const kernels: UnrollKernels = {
  forward(given, { sizes, backend, saveForBackward }) {
    const { read, write } = storageOf(backend);
    const [timeSteps, batchSize] = given.inputs.shape;
    const network = run(given, sizes, read, saveForBackward);
    if (saveForBackward) networks.save(network, given);
    const logits = new Float32Array(timeSteps * batchSize * sizes.outputSize);
    const distance = padded(sizes.outputSize);
    const rows = { array: network.numbers("logits", timeSteps * batchSize * distance), distance };
    copyRows(timeSteps * batchSize, sizes.outputSize, rows, { array: logits });
    const part = saveForBackward ? timeSteps : timeSteps % 2;
    return {
      logits: write(logits, [timeSteps, batchSize, sizes.outputSize]),
      finalState: mapState((name) => {
        const { shape } = given.initialState[name];
        return write(takeState(network, name, shape[0], sizeOf(given.initialState[name]), part), shape);
      }),
    };
  },

  backward(given, gradients, { sizes, backend }) {
    const { read, write } = storageOf(backend);
    const [timeSteps, batchSize] = given.inputs.shape;
    const network = networkFor(configuredRuntime(), sizes);
    if (!networks.takeSaved(network, given)) run(given, sizes, read, true);
    network.clearGradients();
    const distance = padded(sizes.outputSize);
    const rows = { array: network.numbers("dLogits", timeSteps * batchSize * distance), distance };
    copyRows(timeSteps * batchSize, sizes.outputSize, { array: read(gradients.logits) }, rows);
    for (const name of UNROLL_STATE) putGradient(network, name, read(gradients.finalState[name]), timeSteps, batchSize);
    network.run("backward");

    const { inputs, initialState, parameters } = given;
    const dInputs = new Float32Array(sizeOf(inputs));
    copyRows(timeSteps * batchSize, sizes.inputSize, carriedRows(network, "dCarried", 0, timeSteps * batchSize), {
      array: dInputs,
    });
    const flat = network.numbers("gradients", network.parameterCount);
    let at = 0;
    return {
      inputs: write(dInputs, inputs.shape),
      initialState: mapState((name) => {
        const { shape } = initialState[name];
        return write(takeGradient(network, name, shape[0], sizeOf(initialState[name])), shape);
      }),
      parameters: parameters.map((tensor) => {
        const size = sizeOf(tensor);
        at += size;
        return write(flat.slice(at - size, at), tensor.shape);
      }),
    };
  },
};

const networks = new NetworkCache<Network>();

/** Runs a sequence; all results stay in the network's memory. */
function run(given: Given, sizes: NetworkSizes, read: (tensor: tf.TensorInfo) => Values, history: boolean): Network {
  const [timeSteps, batchSize] = given.inputs.shape;
  networks.clearSaved(); // the network that has residuals may be the one that runs now
  const network = networkFor(configuredRuntime(), sizes);
  network.prepare({ timeSteps, batchSize, maxThreads: defaultThreads(), history, training: false });
  network.numbers("inputs", sizeOf(given.inputs)).set(read(given.inputs));
  network.setInputMask(given.inputMask && read(given.inputMask));
  let at = 0;
  const parameters = network.numbers("parameters", network.parameterCount);
  for (const tensor of given.parameters) {
    const values = read(tensor);
    parameters.set(values, at);
    at += values.length;
  }
  for (const name of UNROLL_STATE) putState(network, name, read(given.initialState[name]), batchSize);
  network.run("forward");
  return network;
}

function storageOf(backend: UnrollRun["backend"]) {
  return {
    read: ({ dataId }: tf.TensorInfo) => backend.readSync(dataId) as Values,
    write: (values: Values, shape: number[]): tf.TensorInfo => ({
      dataId: backend.write(values, shape, "float32"),
      shape,
      dtype: "float32",
    }),
  };
}

function sizeOf({ shape }: tf.TensorInfo): number {
  return tf.util.sizeFromShape(shape);
}

/** Returns the runtime for the configured instruction set. @throws TypeError if it is not available. */
function configuredRuntime(): Runtime {
  const runtime = getRuntime();
  if (!runtime) throw new TypeError(whyNoRuntime());
  return runtime;
}

function networkFor(runtime: Runtime, sizes: NetworkSizes): Network {
  const key = JSON.stringify([runtime.kernel.instructionSet, sizes]);
  runtime.threads.start(defaultThreads());
  return networks.get(key, () => new Network(runtime, sizes));
}
