import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { Network } from "./network.js";
import type { NetworkSizes } from "./sizes.js";
import { bytesOf, copyFrom, copyTo, emptyTensor, flush, type Place } from "./tensors.js";

const BACKEND = "webgpu";
const UNROLL = "DncUnroll";
const UNROLL_GRADIENT = "DncUnrollGradient";
/** As `firstOrder` of `@dnc/addressing` has it. */
const SECOND_ORDER = "gradient: expected one of first order, got a gradient of a gradient, which @dnc does not have";
/** So many networks keep their buffers; the one not used for longest goes first. */
const MAX_NETWORKS = 4;

/** Tensors of the state, in the order of the kernel's inputs after the sequence, and of its outputs after the logits. */
const STATE = [
  "memory",
  "readWeights",
  "writeWeights",
  "link",
  "precedence",
  "usage",
  "words",
  "hidden",
  "cell",
] as const;

type TensorInfos = readonly tf.TensorInfo[];

/**
 * Registers the kernel `DncUnroll` and its gradient for the backend `webgpu`.
 *
 * Its inputs are an array: the sequence `[time, batch, inputSize]`, the nine tensors of the state and every parameter in
 * the order of a core's variables; its attributes are `NetworkSizes`. It returns logits and the nine tensors after the
 * last step. A core without cell has a cell of no columns, and so on. Nothing is read back.
 */
export function registerUnroll(): void {
  for (const [kernelName, way] of [
    [UNROLL, "forward"],
    [UNROLL_GRADIENT, "backward"],
  ] as const)
    tf.registerKernel({
      kernelName,
      backendName: BACKEND,
      kernelFunc: ({ inputs, attrs, backend }) =>
        onBackend(backend as WebGPUBackend)[way](inputs as unknown as TensorInfos, attrs as unknown as NetworkSizes),
    });
  // Another engine registers the same one.
  if (tf.getGradient(UNROLL)) return;
  tf.registerGradient({
    kernelName: UNROLL,
    saveAllInputs: true,
    gradFunc: (dys, saved, attrs) => {
      const inputs = [...saved, ...(dys as tf.Tensor[])];
      const gradients = tf.engine().runKernel(UNROLL_GRADIENT, inputs as never, attrs) as tf.Tensor[];
      return Object.fromEntries(gradients.map((gradient, index) => [index, () => gradient]));
    },
  });
  tf.registerGradient({
    kernelName: UNROLL_GRADIENT,
    gradFunc: () => {
      throw new Error(SECOND_ORDER);
    },
  });
}

/** The networks of a device, and its last forward pass that was kept for its backward pass. */
interface Kept {
  readonly networks: Map<string, Network>;
  last: { readonly network: Network; readonly inputs: readonly object[] } | undefined;
}

const devices = new WeakMap<GPUDevice, Kept>();

function onBackend(backend: WebGPUBackend) {
  const { device } = backend;
  const kept = devices.get(device) ?? { networks: new Map(), last: undefined };
  devices.set(device, kept);

  /** Runs the sequence and leaves all in the network. */
  function run(inputs: TensorInfos, sizes: NetworkSizes, history: boolean): Network {
    const [sequence, ...rest] = inputs;
    const [time, batch] = sequence.shape;
    kept.last = undefined; // its network may be the one that is run now
    const network = networkFor(device, kept, sizes);
    network.prepare({ timeSteps: time, batchSize: batch, history, zeroState: false });
    const parameters = network.buffers.get("parameters");
    let offset = 0;
    const places = rest.slice(STATE.length).map((tensor) => {
      const place = { buffer: parameters, offset };
      offset += bytesOf(tensor);
      return [tensor, place] as const;
    });
    const given = [
      [sequence, { buffer: network.buffers.get("inputs"), offset: 0 }] as const,
      ...STATE.map((name, index) => [rest[index], network.statePlace(name, "initial")] as const),
      ...places,
    ];
    submit(
      network,
      (encoder) => {
        for (const [tensor, place] of given) copyFrom(backend, encoder, tensor, place);
        const pass = encoder.beginComputePass();
        network.forward(pass);
        network.logits(pass);
        pass.end();
      },
      given.map(([tensor]) => tensor),
    );
    return network;
  }

  /** Records commands after everything that the backend has recorded, and submits them. */
  function submit(network: Network, record: (encoder: GPUCommandEncoder) => void, tensors: TensorInfos): void {
    flush(backend, tensors);
    network.writeDims();
    const encoder = device.createCommandEncoder();
    record(encoder);
    backend.queue.submit([encoder.finish()]);
  }

  /** Tensors with what lies in the network's buffers. */
  function tensorsFrom(network: Network, parts: readonly { shape: number[]; place: Place }[]): tf.TensorInfo[] {
    const tensors = parts.map(({ shape }) => emptyTensor(backend, shape));
    submit(
      network,
      (encoder) => {
        for (const [index, { place }] of parts.entries()) copyTo(backend, encoder, tensors[index], place);
      },
      tensors,
    );
    return tensors;
  }

  return {
    forward(inputs: TensorInfos, sizes: NetworkSizes): tf.TensorInfo[] {
      const [time, batch] = inputs[0].shape;
      const history = isTaped();
      const network = run(inputs, sizes, history);
      if (history) kept.last = { network, inputs: inputs.map(({ dataId }) => dataId) };
      const logits = { shape: [time, batch, sizes.outputSize], place: logitsPlace(network, "logits") };
      const state = STATE.map((name, index) => ({
        shape: inputs[index + 1].shape,
        place: network.statePlace(name, "final"),
      }));
      return tensorsFrom(network, [logits, ...state]);
    },

    backward(inputs: TensorInfos, sizes: NetworkSizes): tf.TensorInfo[] {
      const given = inputs.slice(0, inputs.length - 1 - STATE.length);
      const [dLogits, ...dState] = inputs.slice(given.length);
      const { last } = kept;
      const network = networkFor(device, kept, sizes);
      const isKept = last?.network === network && last.inputs.every((id, index) => id === given[index].dataId);
      if (!isKept) run(given, sizes, true);
      kept.last = undefined;
      submit(
        network,
        (encoder) => {
          encoder.clearBuffer(network.buffers.get("carry"));
          copyFrom(backend, encoder, dLogits, logitsPlace(network, "dLogits"));
          for (const [index, name] of STATE.entries())
            copyFrom(backend, encoder, dState[index], network.gradientPlace(name));
          const pass = encoder.beginComputePass();
          network.backward(pass, "given");
          pass.end();
        },
        [dLogits, ...dState],
      );
      const gradients = network.buffers.get("gradients");
      let offset = 0;
      const parameters = given.slice(1 + STATE.length).map((tensor) => {
        const place = { buffer: gradients, offset };
        offset += bytesOf(tensor);
        return { shape: tensor.shape, place };
      });
      const dInputs = { shape: given[0].shape, place: { buffer: network.buffers.get("deltas"), offset: 0 } };
      const state = STATE.map((name, index) => ({ shape: given[1 + index].shape, place: network.gradientPlace(name) }));
      return tensorsFrom(network, [dInputs, ...state, ...parameters]);
    },
  };
}

function logitsPlace(network: Network, name: "logits" | "dLogits"): Place {
  return network.outputPlace(name);
}

/** Whether a gradient will be asked of the kernel that runs now: of no kernel within another. */
function isTaped(): boolean {
  const { gradientDepth, kernelDepth } = tf.engine().state;
  return gradientDepth > 0 && kernelDepth === 1;
}

function networkFor(device: GPUDevice, { networks }: Kept, sizes: NetworkSizes): Network {
  const key = JSON.stringify(sizes);
  const network = networks.get(key) ?? new Network(device, sizes);
  networks.delete(key);
  networks.set(key, network);
  for (const [oldest, other] of networks) {
    if (networks.size <= MAX_NETWORKS) break;
    other.dispose();
    networks.delete(oldest);
  }
  return network;
}
