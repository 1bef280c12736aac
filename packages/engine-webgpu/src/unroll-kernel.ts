import {
  mapState,
  NetworkCache,
  type NetworkSizes,
  UNROLL_STATE,
  type UnrollInputs,
  type UnrollKernels,
  type UnrollOutputs,
  type UnrollRun,
} from "@dnc/core/engine";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type * as tf from "@tensorflow/tfjs-core";
import { Network } from "./network.js";
import { SECTIONS } from "./state-sections.js";
import { bytesOf, copyFrom, copyTo, emptyTensor, flush, type Place } from "./tensors.js";

type Given = UnrollInputs<tf.TensorInfo>;

/** A tensor to create from a part of a buffer. */
type Part = { readonly shape: number[]; readonly place: Place };

/** The kernels of the unroll op. All data stay on the device. */
export const kernels: UnrollKernels = {
  forward: (given, run) => onDevice(run).forward(given, run),
  backward: (given, gradients, run) => onDevice(run).backward(given, gradients, run),
};

const devices = new WeakMap<GPUDevice, NetworkCache<Network>>();

function onDevice(call: UnrollRun) {
  const backend = call.backend as WebGPUBackend;
  const { device } = backend;
  const networks = devices.get(device) ?? new NetworkCache();
  devices.set(device, networks);

  const networkFor = (sizes: NetworkSizes) => networks.get(JSON.stringify(sizes), () => new Network(device, sizes));

  /** Runs a sequence; all results stay in the network's buffers. */
  function run({ inputs, inputMask, initialState, parameters }: Given, sizes: NetworkSizes, history: boolean): Network {
    const [timeSteps, batchSize] = inputs.shape;
    networks.clearSaved(); // the network that has residuals may be the one that runs now
    const network = networkFor(sizes);
    network.prepare({ timeSteps, batchSize, history, zeroState: false });
    const given = [
      [inputs, { buffer: network.buffers.get("inputs"), offset: 0 }] as const,
      ...(inputMask ? [[inputMask, { buffer: network.buffers.get("inputs"), offset: bytesOf(inputs) }] as const] : []),
      ...UNROLL_STATE.map((name) => [initialState[name], network.statePlace(SECTIONS[name], "initial")] as const),
      ...places(parameters, network.buffers.get("parameters")),
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
  function submit(
    network: Network,
    record: (encoder: GPUCommandEncoder) => void,
    tensors: readonly tf.TensorInfo[],
  ): void {
    flush(backend, tensors);
    network.writeDims();
    const encoder = device.createCommandEncoder();
    record(encoder);
    backend.queue.submit([encoder.finish()]);
  }

  /** Collects parts of the network's buffers, then creates tensors from them in one submission. */
  function collector(network: Network) {
    const parts: { readonly tensor: tf.TensorInfo; readonly place: Place }[] = [];
    return {
      add({ shape, place }: Part): tf.TensorInfo {
        const tensor = emptyTensor(backend, shape);
        parts.push({ tensor, place });
        return tensor;
      },
      copy(): void {
        const record = (encoder: GPUCommandEncoder) => {
          for (const { tensor, place } of parts) copyTo(backend, encoder, tensor, place);
        };
        submit(
          network,
          record,
          parts.map(({ tensor }) => tensor),
        );
      },
    };
  }

  return {
    forward(given: Given, { sizes, saveForBackward }: UnrollRun): UnrollOutputs<tf.TensorInfo> {
      const [timeSteps, batchSize] = given.inputs.shape;
      const network = run(given, sizes, saveForBackward);
      if (saveForBackward) networks.save(network, given);
      const tensors = collector(network);
      const outputs = {
        logits: tensors.add({ shape: [timeSteps, batchSize, sizes.outputSize], place: network.outputPlace("logits") }),
        finalState: mapState((name) =>
          tensors.add({ shape: given.initialState[name].shape, place: network.statePlace(SECTIONS[name], "final") }),
        ),
      };
      tensors.copy();
      return outputs;
    },

    backward(given: Given, { logits, finalState }: UnrollOutputs<tf.TensorInfo>, { sizes }: UnrollRun): Given {
      const network = networkFor(sizes);
      if (!networks.takeSaved(network, given)) run(given, sizes, true);
      const dState = UNROLL_STATE.map((name) => [finalState[name], network.gradientPlace(SECTIONS[name])] as const);
      submit(
        network,
        (encoder) => {
          encoder.clearBuffer(network.buffers.get("carry"));
          copyFrom(backend, encoder, logits, network.outputPlace("dLogits"));
          for (const [tensor, place] of dState) copyFrom(backend, encoder, tensor, place);
          const pass = encoder.beginComputePass();
          network.backward(pass, "given");
          pass.end();
        },
        [logits, ...dState.map(([tensor]) => tensor)],
      );
      const tensors = collector(network);
      const { inputs, initialState, parameters } = given;
      const gradients = {
        inputs: tensors.add({ shape: inputs.shape, place: { buffer: network.buffers.get("deltas"), offset: 0 } }),
        initialState: mapState((name) =>
          tensors.add({ shape: initialState[name].shape, place: network.gradientPlace(SECTIONS[name]) }),
        ),
        parameters: places(parameters, network.buffers.get("gradients")).map(([{ shape }, place]) =>
          tensors.add({ shape, place }),
        ),
      };
      tensors.copy();
      return gradients;
    },
  };
}

/** Pairs each parameter with its place in a buffer that holds all parameters consecutively. */
function places(parameters: readonly tf.TensorInfo[], buffer: GPUBuffer): (readonly [tf.TensorInfo, Place])[] {
  let offset = 0;
  return parameters.map((tensor) => {
    const place = { buffer, offset };
    offset += bytesOf(tensor);
    return [tensor, place] as const;
  });
}
