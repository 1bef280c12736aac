import * as Comlink from "comlink";
import type { Source } from "../open/source.js";
import type { SequenceView } from "../trace/sequence-view.js";
import type { PageEngine } from "../training/use-engine.js";
import type { NetworkFacts, NetworkFiles } from "../worker/facts.js";
import { type RemoteBench, startWorker } from "../worker/start-worker.js";

/** The network that is open. */
export interface OpenedNetwork {
  readonly name: string;
  readonly facts: NetworkFacts;
  readonly files: NetworkFiles;
}

/** What the views are told about. */
export interface WorkbenchEvents {
  /** A network was opened; undefined: a trace was, without its network. */
  network: OpenedNetwork | undefined;
  /** A sequence is to be watched. */
  sequence: SequenceView;
  /** Something is being loaded or computed, in words; undefined: no longer. */
  busy: string | undefined;
  /** Something went wrong, in a sentence; undefined: no longer. */
  problem: string | undefined;
}

type Listener<Name extends keyof WorkbenchEvents> = (value: WorkbenchEvents[Name]) => void;

/** What the page has open, and the thread that runs it. */
export class Workbench {
  readonly bench: RemoteBench = startWorker().bench;
  readonly #listeners: { readonly [Name in keyof WorkbenchEvents]: Listener<Name>[] } = {
    ...{ network: [], sequence: [], busy: [], problem: [] },
  };
  #network: OpenedNetwork | undefined;
  #sequence: SequenceView | undefined;
  #engine: PageEngine = "wasm";
  #opened = 0;

  get network(): OpenedNetwork | undefined {
    return this.#network;
  }

  get sequence(): SequenceView | undefined {
    return this.#sequence;
  }

  on<Name extends keyof WorkbenchEvents>(name: Name, listener: Listener<Name>): void {
    this.#listeners[name].push(listener);
  }

  /** Opens a network or a trace. If that fails, what was open stays, and the problem is said. */
  async open(name: string, load: () => Promise<Source>): Promise<boolean> {
    const turn = ++this.#opened;
    return this.busy(`Opening ${name} …`, async () => {
      const source = await load();
      if (source.kind === "trace") {
        const { name, bytes } = source;
        const view = await this.bench.readTrace(name, Comlink.transfer(bytes, [bytes.buffer as ArrayBuffer]));
        if (turn !== this.#opened) return;
        this.#network = undefined;
        this.#emit("network", undefined);
        this.watch(view);
        return;
      }
      const facts = await this.bench.open(source.files, this.#engine);
      if (turn !== this.#opened) return;
      this.#network = { name: source.name, facts, files: source.files };
      this.#emit("network", this.#network);
      this.watch(await this.bench.draw({ seed: 1 }));
    });
  }

  /** What computes the network that is open. */
  get engine(): PageEngine {
    return this.#engine;
  }

  /**
   * Lets another engine compute, also the network that is open. If it does not work, the one before stays.
   *
   * @returns whether it computes now.
   */
  async useEngine(engine: PageEngine): Promise<boolean> {
    return this.busy("Changing the engine …", async () => {
      if (this.#network) await this.bench.open(this.#network.files, engine);
      this.#engine = engine;
    });
  }

  /** Shows a sequence in the view that watches. */
  watch(view: SequenceView): void {
    this.#sequence = view;
    this.#emit("sequence", view);
  }

  /**
   * Does something that takes time, and says so; a problem is said too.
   *
   * @returns whether it was done.
   */
  async busy(what: string, work: () => Promise<void>): Promise<boolean> {
    this.#emit("problem", undefined);
    this.#emit("busy", what);
    try {
      await work();
      return true;
    } catch (error) {
      this.report(error);
      return false;
    } finally {
      this.#emit("busy", undefined);
    }
  }

  /** Says what went wrong. */
  report(error: unknown): void {
    this.#emit("problem", error instanceof Error ? error.message : String(error));
  }

  #emit<Name extends keyof WorkbenchEvents>(name: Name, value: WorkbenchEvents[Name]): void {
    for (const listener of this.#listeners[name]) listener(value);
  }
}
