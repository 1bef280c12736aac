import { loadNetwork } from "@dnc/checkpoint/network";
import { type Dnc, describeNetwork, type LstmNetwork } from "@dnc/core";
import "@dnc/engine-wasm";
import * as Comlink from "comlink";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import type { SequenceView } from "../trace/sequence-view.js";
import { type PageEngine, useEngine } from "../training/use-engine.js";
import { Asker } from "./asker.js";
import type { NetworkFacts, NetworkFiles } from "./facts.js";
import { openTrace } from "./open-trace.js";
import type { AskOptions, DrawnQuestion, Question } from "./question.js";
import { createTask, type FoundTask } from "./task.js";

/** One network, and what can be done with it; runs in a worker. Traces are handed over, not copied. */
export class NetworkBench {
  #asker: Asker | undefined;
  /** Why nothing can be asked. */
  #problem = "There is no network open.";
  #turn = 0;

  /**
   * Opens a network, which replaces the one before.
   *
   * @param engine - what computes it; default: WebAssembly.
   * @throws Error with a sentence for people if the files are not those of a network, or the engine does not work here.
   */
  async open(files: NetworkFiles, engine: PageEngine = "wasm"): Promise<NetworkFacts> {
    const turn = ++this.#turn;
    await selectBackend(engine);
    const network = await loadNetwork(files);
    try {
      const { settings, step } = stateOf(files);
      const found = await fittingTask(network, settings);
      if (turn !== this.#turn) throw new Error("Another network was opened meanwhile.");
      this.#asker?.dispose();
      this.#asker = "task" in found ? new Asker(files, settings, found.task) : undefined;
      this.#problem = "problem" in found ? found.problem : "";
      const task = "task" in found ? found.task.name : textOf(settings.task);
      return { ...factsOf(network), task, step, settings };
    } finally {
      network.dispose();
    }
  }

  /** Runs the network over a new sequence of its task; the same seed draws the same one. */
  draw({ seed }: { readonly seed: number }): Promise<SequenceView> {
    return this.ask({ kind: "drawn", seed, sizes: {} }, { traced: true });
  }

  /** Draws a sequence of the network's task as a question; one that has no questions of its own is returned as it is. */
  async question(drawn: DrawnQuestion): Promise<Question> {
    return this.#opened().draw(drawn);
  }

  /**
   * Asks the network.
   *
   * @throws Error with a sentence for people if it cannot be asked that.
   */
  async ask(question: Question, options: AskOptions = {}): Promise<SequenceView> {
    return handedOver(await this.#opened().ask(question, options));
  }

  /**
   * Reads a trace from a file.
   *
   * @throws TraceError if it is no intact trace.
   */
  readTrace(name: string, bytes: Uint8Array): SequenceView {
    return handedOver(openTrace(name, bytes));
  }

  #opened(): Asker {
    if (!this.#asker) throw new Error(this.#problem);
    return this.#asker;
  }
}

/** Selects the backend of an engine. WebAssembly uses this thread alone: sequences to look at are short. */
async function selectBackend(engine: PageEngine): Promise<void> {
  if (engine === "webgpu") await useEngine(engine);
  else await tf.setBackend("cpu");
}

/** The task of a network's settings, if both have the same inputs and outputs. */
async function fittingTask(
  { config }: Dnc | LstmNetwork,
  settings: Readonly<Record<string, unknown>>,
): Promise<FoundTask> {
  const found = await createTask(settings);
  if ("problem" in found) return found;
  const { inputSize, targetSize } = found.task;
  if (inputSize === config.inputSize && targetSize === config.outputSize) return found;
  const sizes = (inputs: number, outputs: number) => `${inputs} inputs and ${outputs} outputs`;
  const [task, own] = [sizes(inputSize, targetSize), sizes(config.inputSize, config.outputSize)];
  return { problem: `The settings do not fit the network: their task has ${task}, the network has ${own}.` };
}

function factsOf(network: Dnc | LstmNetwork): Omit<NetworkFacts, "settings"> {
  const { inputSize, outputSize, memory, memorySize, wordSize, readHeads, writeHeads } = network.config;
  return {
    description: describeNetwork(network),
    ...{ inputSize, outputSize, memorySize, wordSize, readHeads, writeHeads },
    hasLinks: memory !== false && memory.links,
  };
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
