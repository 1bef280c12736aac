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
  /** A sequence is to be watched; undefined: there is none of what was opened. */
  sequence: SequenceView | undefined;
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
  #works = 0;

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
    const isLatest = () => turn === this.#opened;
    return this.busy(`Opening ${name} …`, async () => {
      try {
        const source = await load();
        if (!isLatest()) return;
        if (source.kind === "trace") await this.#openTrace(source, isLatest);
        else await this.#openNetwork(source, isLatest);
      } catch (error) {
        if (isLatest()) throw error; // what was opened later is not concerned
      }
    });
  }

  async #openTrace({ name, bytes }: Source & { kind: "trace" }, isLatest: () => boolean): Promise<void> {
    const view = await this.bench.readTrace(name, Comlink.transfer(bytes, [bytes.buffer as ArrayBuffer]));
    if (!isLatest()) return;
    this.#network = undefined;
    this.#emit("network", undefined);
    this.watch(view);
  }

  async #openNetwork({ name, files }: Source & { kind: "network" }, isLatest: () => boolean): Promise<void> {
    const facts = await this.bench.open(files, this.#engine);
    if (!isLatest()) return;
    this.#network = { name, facts, files };
    this.#emit("network", this.#network);
    try {
      const view = await this.bench.draw({ seed: 1 });
      if (isLatest()) this.watch(view);
    } catch (error) {
      if (isLatest()) this.watch(undefined); // the sequence of the network before is none of this one
      throw error;
    }
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

  /** Shows a sequence in the view that watches; undefined: none. */
  watch(view: SequenceView | undefined): void {
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
    const turn = ++this.#works;
    try {
      await work();
      return true;
    } catch (error) {
      this.report(error);
      return false;
    } finally {
      if (turn === this.#works) this.#emit("busy", undefined);
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
