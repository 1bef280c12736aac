import * as tf from "@tensorflow/tfjs-core";
import { type Engine, getEngine, whyNoEngine } from "./engine.js";
import { copyRows, Network, type NetworkSizes, padded } from "./network.js";
import { defaultThreads } from "./options.js";

/** TensorFlow.js backends whose tensors can be read and written at once, so that the kernel can work on them. */
const BACKENDS = ["cpu", "wasm", "tensorflow"];
const UNROLL = "DncUnroll";
const UNROLL_GRADIENT = "DncUnrollGradient";
/** As `firstOrder` of `@dnc/addressing` has it. */
const SECOND_ORDER = "gradient: expected one of first order, got a gradient of a gradient, which @dnc does not have";
/** So many networks are kept in the kernel's memory; the one not used for longest goes first. */
const MAX_NETWORKS = 4;

/** Tensors of the state, in the order of the kernel's inputs after the sequence, and of its outputs after the logits. */
const STATE = [
  "memory",
  "readWeights",
  "writeWeights",
  "link",
  "precedence",
  "usage",
  "readWords",
  "hidden",
  "cell",
] as const;

/** The gradients that are carried back, by the name of their state. */
const CARRIED = {
  memory: "dMemory",
  readWeights: "dReadWeights",
  writeWeights: "dWriteWeights",
  link: "dLink",
  precedence: "dPrecedence",
  usage: "dUsage",
  cell: "dCell",
} as const;

type Values = Float32Array;
type TensorInfos = readonly tf.TensorInfo[];

/**
 * Registers the kernel `DncUnroll` and its gradient.
 *
 * Its inputs are an array: the sequence `[time, batch, inputSize]`, the nine tensors of the state and every parameter in
 * the order of a core's variables; its attributes are `NetworkSizes`. It returns logits and the nine tensors after the
 * last step. A core without cell has a cell of no columns, and so on.
 */
export function registerUnroll(): void {
  for (const backendName of BACKENDS) {
    tf.registerKernel({
      kernelName: UNROLL,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) =>
        onBackend(backend).forward(inputs as unknown as TensorInfos, attrs as unknown as NetworkSizes),
    });
    tf.registerKernel({
      kernelName: UNROLL_GRADIENT,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) =>
        onBackend(backend).backward(inputs as unknown as TensorInfos, attrs as unknown as NetworkSizes),
    });
  }
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

/** The last forward pass that was kept for its backward pass, by the tensors it was given. */
let kept: { readonly network: Network; readonly inputs: readonly object[] } | undefined;
const networks = new Map<string, Network>();

function onBackend(backend: unknown) {
  const storage = backend as tf.KernelBackend;
  const read = ({ dataId }: tf.TensorInfo) => storage.readSync(dataId) as Values;
  const written = (values: Values, shape: number[]): tf.TensorInfo => ({
    dataId: storage.write(values, shape, "float32"),
    shape,
    dtype: "float32",
  });
  const engine = engineHere();

  /** Runs the sequence and leaves all in the network. */
  function run(inputs: TensorInfos, sizes: NetworkSizes, history: boolean): Network {
    const [sequence, ...rest] = inputs;
    const [time, batch] = sequence.shape;
    kept = undefined; // its network may be the one that is run now
    const network = networkFor(engine, sizes);
    network.prepare({
      timeSteps: time,
      batchSize: batch,
      maxThreads: defaultThreads(),
      history,
      training: false,
    });
    network.numbers("inputs", tf.util.sizeFromShape(sequence.shape)).set(read(sequence));
    let at = 0;
    const parameters = network.numbers("parameters", network.parameterCount);
    for (const tensor of rest.slice(STATE.length)) {
      const values = read(tensor);
      parameters.set(values, at);
      at += values.length;
    }
    putState(network, rest.slice(0, STATE.length).map(read), batch);
    network.run("forward");
    return network;
  }

  return {
    forward(inputs: TensorInfos, sizes: NetworkSizes): tf.TensorInfo[] {
      const [time, batch] = inputs[0].shape;
      const history = isTaped();
      const network = run(inputs, sizes, history);
      if (history) kept = { network, inputs: inputs.map(({ dataId }) => dataId) };
      const logits = new Float32Array(time * batch * sizes.outputSize);
      const distance = padded(sizes.outputSize);
      const rows = { array: network.numbers("logits", time * batch * distance), distance };
      copyRows(time * batch, sizes.outputSize, rows, { array: logits });
      const part = history ? time : time % 2;
      const state = takeState(network, inputs.slice(1), part, batch);
      return [
        written(logits, [time, batch, sizes.outputSize]),
        ...state.map((values, index) => written(values, inputs[index + 1].shape)),
      ];
    },

    backward(inputs: TensorInfos, sizes: NetworkSizes): tf.TensorInfo[] {
      const given = inputs.slice(0, inputs.length - 1 - STATE.length);
      const [dLogits, ...dState] = inputs.slice(given.length);
      const [time, batch] = given[0].shape;
      const network = networkFor(engine, sizes);
      const isKept = kept?.network === network && kept.inputs.every((id, index) => id === given[index].dataId);
      if (!isKept) run(given, sizes, true);
      kept = undefined;
      network.clearGradients();
      const distance = padded(sizes.outputSize);
      const rows = { array: network.numbers("dLogits", time * batch * distance), distance };
      copyRows(time * batch, sizes.outputSize, { array: read(dLogits) }, rows);
      putStateGradients(network, dState.map(read), time, batch);
      network.run("backward");

      const dInputs = new Float32Array(tf.util.sizeFromShape(given[0].shape));
      copyRows(time * batch, sizes.inputSize, carried(network, "dCarried", 0, time * batch), { array: dInputs });
      const flat = network.numbers("gradients", network.parameterCount);
      let at = 0;
      const parameters = given.slice(1 + STATE.length).map(({ shape }) => {
        const size = tf.util.sizeFromShape(shape);
        at += size;
        return written(flat.slice(at - size, at), shape);
      });
      const state = takeStateGradients(network, given.slice(1, 1 + STATE.length), batch);
      return [written(dInputs, given[0].shape), ...state, ...parameters];
    },
  };

  function takeStateGradients(network: Network, state: TensorInfos, batch: number): tf.TensorInfo[] {
    return STATE.map((name, index) => {
      const { shape } = state[index];
      const values = new Float32Array(tf.util.sizeFromShape(shape));
      if (name === "readWords" || name === "hidden") {
        const width = values.length / batch;
        copyRows(batch, width, section(network, "dCarried", name, 0, batch), { array: values });
      } else if (values.length > 0) {
        values.set(network.numbers(CARRIED[name], values.length));
      }
      return written(values, shape);
    });
  }
}

/** @throws TypeError if the instruction set that is configured by now has no engine. */
function engineHere(): Engine {
  const engine = getEngine();
  if (!engine) throw new TypeError(whyNoEngine());
  return engine;
}

/** Whether a gradient will be asked of the kernel that runs now: of no kernel within another. */
function isTaped(): boolean {
  const { gradientDepth, kernelDepth } = tf.engine().state;
  return gradientDepth > 0 && kernelDepth === 1;
}

function networkFor(engine: Engine, sizes: NetworkSizes): Network {
  const key = JSON.stringify([engine.kernel.instructionSet, sizes]);
  const network = networks.get(key) ?? new Network(engine, sizes);
  networks.delete(key);
  networks.set(key, network);
  engine.threads.start(defaultThreads());
  for (const [oldest, other] of networks) {
    if (networks.size <= MAX_NETWORKS) break;
    other.dispose();
    networks.delete(oldest);
    if (kept?.network === other) kept = undefined;
  }
  return network;
}

/** Rows of the carried state, from row `first`. */
function carried(network: Network, field: "carried" | "dCarried", first: number, rows: number) {
  const distance = network.word("carryPad");
  return { array: network.numbers(field, (first + rows) * distance), at: first * distance, distance };
}

/** The words or the hidden units in the rows of one step's carried state. */
function section(
  network: Network,
  field: "carried" | "dCarried",
  name: "readWords" | "hidden",
  part: number,
  batch: number,
) {
  const rows = carried(network, field, part * batch, batch);
  const offset = name === "readWords" ? network.sizes.inputSize : network.word("hiddenAt");
  return { ...rows, at: rows.at + offset };
}

function putState(network: Network, state: readonly Values[], batch: number): void {
  STATE.forEach((name, index) => {
    const values = state[index];
    if (name === "readWords" || name === "hidden") {
      copyRows(batch, values.length / batch, { array: values }, section(network, "carried", name, 0, batch));
    } else if (values.length > 0) network.numbers(name, values.length).set(values);
  });
}

function takeState(network: Network, infos: TensorInfos, part: number, batch: number): Values[] {
  return STATE.map((name, index) => {
    const size = tf.util.sizeFromShape(infos[index].shape);
    const values = new Float32Array(size);
    if (name === "readWords" || name === "hidden") {
      copyRows(batch, size / batch, section(network, "carried", name, part, batch), { array: values });
    } else if (size > 0) values.set(network.numbers(name, (part + 1) * size).subarray(part * size));
    return values;
  });
}

function putStateGradients(network: Network, gradients: readonly Values[], time: number, batch: number): void {
  STATE.forEach((name, index) => {
    const values = gradients[index];
    if (name === "readWords" || name === "hidden") {
      copyRows(batch, values.length / batch, { array: values }, section(network, "dCarried", name, time, batch));
    } else if (values.length > 0) network.numbers(CARRIED[name], values.length).set(values);
  });
}
