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
import type { KernelHost, KernelNetwork } from "./host.js";
import { putInputMask } from "./input-mask.js";
import { logitRows, readRows, writePaddedRows } from "./rows.js";
import { putGradient, putState, takeGradient, takeInputGradient, takeState } from "./state.js";
import { hasQuantities, traceSteps } from "./trace-steps.js";

type Values = Float32Array;
type Given = UnrollInputs<tf.TensorInfo>;

/**
 * Creates the kernels of the unroll op.
 *
 * @param hostOf - returns the host to run on; called once per run; throws a TypeError if there is none.
 * @param threads - returns the largest number of threads to run on.
 * @returns the kernels, which keep a few networks for further runs.
 */
export function createUnrollKernels(hostOf: () => KernelHost, threads: () => number): UnrollKernels {
  const networks = new NetworkCache<KernelNetwork>();

  function networkFor(sizes: NetworkSizes): KernelNetwork {
    const host = hostOf();
    host.startThreads(threads());
    return networks.get(JSON.stringify([host.instructionSet, sizes]), () => host.createNetwork(sizes));
  }

  /** Runs a sequence; all results stay in the network's memory. */
  function run(given: Given, sizes: NetworkSizes, read: (tensor: tf.TensorInfo) => Values, history: boolean) {
    const [timeSteps, batchSize] = given.inputs.shape;
    networks.clearSaved(); // the network that has residuals may be the one that runs now
    const network = networkFor(sizes);
    network.prepare({ timeSteps, batchSize, maxThreads: threads(), history, training: false });
    network.write("inputs", 0, read(given.inputs));
    putInputMask(network, given.inputMask && read(given.inputMask));
    putParameters(network, given, read);
    for (const name of UNROLL_STATE) putState(network, name, read(given.initialState[name]), batchSize);
    network.run("forward");
    return network;
  }

  return {
    forward(given, { sizes, backend, saveForBackward }) {
      const { read, write } = storageOf(backend);
      const [timeSteps, batchSize] = given.inputs.shape;
      const network = run(given, sizes, read, saveForBackward);
      if (saveForBackward) networks.save(network, given);
      const logits = readRows(network, logitRows(network, "logits", timeSteps * batchSize));
      const step = saveForBackward ? timeSteps : timeSteps % 2;
      return {
        logits: write(logits, [timeSteps, batchSize, sizes.outputSize]),
        finalState: mapState((name) => {
          const { shape } = given.initialState[name];
          const size = sizeOf(given.initialState[name]);
          return write(takeState(network, name, { batchSize: shape[0], size, step }), shape);
        }),
      };
    },

    trace(given, { sizes, backend }, quantities) {
      if (given.inputMask || !hasQuantities(sizes, quantities)) return undefined;
      const { read, write } = storageOf(backend);
      const [timeSteps, batchSize] = given.inputs.shape;
      const host = hostOf();
      host.startThreads(threads());
      const network = host.createNetwork(sizes); // its memory is for one step, and not kept
      try {
        network.prepare({ timeSteps: 1, batchSize, maxThreads: threads(), history: false, training: false });
        putInputMask(network, undefined);
        putParameters(network, given, read);
        const initialState = mapState((name) => read(given.initialState[name]));
        const sequence = { timeSteps, batchSize, inputs: read(given.inputs), initialState };
        const traced = traceSteps(network, sequence, quantities);
        return {
          logits: write(traced.logits, [timeSteps, batchSize, sizes.outputSize]),
          finalState: mapState((name) => write(traced.finalState[name], given.initialState[name].shape)),
          trace: Object.fromEntries(
            Object.entries(traced.quantities).map(([name, { shape, values }]) => [name, write(values, [...shape])]),
          ),
        };
      } finally {
        network.dispose();
      }
    },

    backward(given, gradients, { sizes, backend }) {
      const { read, write } = storageOf(backend);
      const [timeSteps, batchSize] = given.inputs.shape;
      const network = networkFor(sizes);
      if (!networks.takeSaved(network, given)) run(given, sizes, read, true);
      network.clearGradients();
      writePaddedRows(network, logitRows(network, "dLogits", timeSteps * batchSize), read(gradients.logits));
      for (const name of UNROLL_STATE)
        putGradient(network, name, read(gradients.finalState[name]), { batchSize, timeSteps });
      network.run("backward");

      const { inputs, initialState, parameters } = given;
      let at = 0;
      return {
        inputs: write(takeInputGradient(network, timeSteps * batchSize), inputs.shape),
        initialState: mapState((name) => {
          const { shape } = initialState[name];
          const size = sizeOf(initialState[name]);
          return write(takeGradient(network, name, { batchSize: shape[0], size }), shape);
        }),
        parameters: parameters.map((tensor) => {
          const values = new Float32Array(sizeOf(tensor));
          network.read("gradients", at, values);
          at += values.length;
          return write(values, tensor.shape);
        }),
      };
    },
  };
}

function putParameters(network: KernelNetwork, { parameters }: Given, read: (tensor: tf.TensorInfo) => Values): void {
  let at = 0;
  for (const tensor of parameters) {
    const values = read(tensor);
    network.write("parameters", at, values);
    at += values.length;
  }
}

function storageOf(backend: UnrollRun["backend"]) {
  return {
    read({ dataId }: tf.TensorInfo): Values {
      const values = backend.readSync(dataId) as tf.TypedArray;
      return values instanceof Float32Array ? values : Float32Array.from(values); // a tensor of integers or booleans
    },
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
