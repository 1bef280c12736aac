import { loadNetwork } from "@dnc/checkpoint/network";
import { type Dnc, describeNetwork, type LstmNetwork } from "@dnc/core";
import "@dnc/engine-wasm";
import type { AnyTask } from "@dnc/tasks";
import * as Comlink from "comlink";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import type { SequenceView } from "../trace/sequence-view.js";
import type { NetworkFacts, NetworkFiles } from "./facts.js";
import { openTrace } from "./open-trace.js";
import { createTask } from "./task.js";
import { traceView } from "./trace-view.js";

/** How a sequence is drawn. */
export interface DrawOptions {
  /** The same seed draws the same sequence. */
  readonly seed: number;
  /** Slots of the memory; default: as in training. */
  readonly memorySize?: number | undefined;
}

interface OpenNetwork {
  readonly files: NetworkFiles;
  readonly network: Dnc | LstmNetwork;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly task: AnyTask | undefined;
}

/** One network, and what can be done with it; runs in a worker. Traces are handed over, not copied. */
export class NetworkBench {
  #open: OpenNetwork | undefined;

  /**
   * Opens a network, which replaces the one before.
   *
   * @throws Error with a sentence for people if the files are not those of a network.
   */
  async open(files: NetworkFiles): Promise<NetworkFacts> {
    await tf.setBackend("cpu");
    const network = await loadNetwork(files);
    const { settings, step } = stateOf(files);
    const task = createTask(settings);
    this.#open?.network.dispose();
    this.#open = { files, network, settings, task };
    const { config } = network;
    return {
      ...{ description: describeNetwork(network), task: task?.name ?? textOf(settings.task), step, settings },
      ...{ inputSize: config.inputSize, outputSize: config.outputSize, memorySize: config.memorySize },
      ...{ wordSize: config.wordSize, readHeads: config.readHeads, writeHeads: config.writeHeads },
      hasLinks: config.memory !== false && config.memory.links,
    };
  }

  /** Runs the network over a new sequence of its task. */
  async draw({ seed, memorySize }: DrawOptions): Promise<SequenceView> {
    const { network, task, files } = this.#opened();
    if (!task) throw new Error("The task of this network is not known here: open a trace of it instead.");
    const larger = memorySize === undefined ? undefined : await loadNetwork(files, { memorySize });
    try {
      return handedOver(await traceView(larger ?? network, task, seed));
    } finally {
      larger?.dispose();
    }
  }

  /**
   * Reads a trace from a file.
   *
   * @throws TraceError if it is no intact trace.
   */
  readTrace(name: string, bytes: Uint8Array): SequenceView {
    return handedOver(openTrace(name, bytes));
  }

  #opened(): OpenNetwork {
    if (!this.#open) throw new Error("There is no network open.");
    return this.#open;
  }
}

/** Marks the arrays of a view as handed over. */
function handedOver(view: SequenceView): SequenceView {
  return Comlink.transfer(
    view,
    Object.values(view.trace.quantities).map(({ data }) => data.buffer as ArrayBuffer),
  );
}

/** The settings and the step in `state.json`, or the settings in `config.json`; their checks are `loadNetwork`'s. */
function stateOf(files: NetworkFiles): { settings: Readonly<Record<string, unknown>>; step: number | undefined } {
  const json = (name: string) => {
    const bytes = files[name];
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  };
  const state = json("state.json");
  return { settings: state?.config ?? json("config.json") ?? {}, step: state?.step };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
