import type { MetricsRecord } from "@dnc/report";
import * as Comlink from "comlink";
import type { TrainingEvent, TrainingRequest, TrainingState } from "../training/training-events.js";
import type { NetworkFiles } from "../worker/facts.js";
import { type RemoteTraining, startTrainingWorker } from "../worker/start-worker.js";
import type { Learning, LossPoint } from "./learning.js";

/** Most points between reports; older ones are joined in pairs. */
const MAX_BETWEEN = 2000;

/** A training in the page. */
export interface PageTraining extends Learning {
  readonly state: TrainingState;
  /** What happened last, in a sentence. */
  readonly notice?: string | undefined;
}

/** What is done with a training's news. */
export interface SessionListener {
  onChange(training: PageTraining): void;
  /** Called with the network of a report, if that is wanted. */
  onNetwork(files: NetworkFiles, step: number): void;
}

/** A training in a thread of its own, and what is known of it. */
export class TrainingSession {
  readonly #request: TrainingRequest;
  readonly #listener: SessionListener;
  readonly #bench: RemoteTraining;
  readonly #end: () => void;
  #training: PageTraining;

  constructor(request: TrainingRequest, listener: SessionListener) {
    this.#request = request;
    const { preset, seed } = request;
    this.#training = { name: `${preset.name}-${seed}`, reports: [], between: [], state: "running" };
    this.#listener = listener;
    const { bench, end } = startTrainingWorker();
    this.#bench = bench;
    this.#end = end;
  }

  get training(): PageTraining {
    return this.#training;
  }

  /** Begins to train. Rejects with a sentence if a setting is not valid, or the engine does not work here. */
  async start(): Promise<void> {
    const onEvent = Comlink.proxy((event: TrainingEvent) => this.#onEvent(event));
    const { iterations, learningRate } = await this.#bench.start(this.#request, onEvent);
    this.#change({ iterations, learningRate });
  }

  pause(): Promise<void> {
    return this.#bench.pause();
  }

  resume(): Promise<void> {
    return this.#bench.resume();
  }

  async changeLearningRate(rate: number): Promise<void> {
    this.#change({ learningRate: await this.#bench.changeLearningRate(rate) });
  }

  /** Whether each report comes with the network so far. */
  wantNetwork(wants: boolean): Promise<void> {
    return this.#bench.wantNetwork(wants);
  }

  network(): Promise<NetworkFiles> {
    return this.#bench.network();
  }

  zip(name: string): Promise<Uint8Array> {
    return this.#bench.zip(name);
  }

  /** Ends the thread; nothing can be done with the training any more. */
  end(): void {
    this.#end();
  }

  #onEvent(event: TrainingEvent): void {
    if (event.kind === "notice") this.#change({ notice: event.text });
    else if (event.kind === "progress") {
      const { progress, between, learningRate } = event;
      this.#change({ progress, learningRate, between: withPoint(this.#training.between ?? [], between) });
    } else if (event.kind === "report") {
      const { record, sample, network } = event;
      this.#change({ reports: withReport(this.#training.reports, record), progress: record, sample });
      if (network) this.#listener.onNetwork(network, record.step);
    } else this.#showState(event);
  }

  #showState({ state, reported, learningRate, error }: TrainingEvent & { readonly kind: "state" }): void {
    const { reports } = this.#training;
    const isAgain = state === "running" && (reports.at(-1)?.step ?? 0) > reported;
    const valid = isAgain ? reports.filter(({ step }) => step <= reported) : reports;
    this.#change({ state, reports: valid, learningRate, error: error?.replace(/\.$/, "") });
  }

  #change(change: Partial<PageTraining>): void {
    this.#training = { ...this.#training, ...change };
    this.#listener.onChange(this.#training);
  }
}

/** A report of an iteration replaces those of the same or of later ones. */
function withReport(reports: readonly MetricsRecord[], report: MetricsRecord): readonly MetricsRecord[] {
  return [...reports.filter(({ step }) => step < report.step), report];
}

function withPoint(points: readonly LossPoint[], point: LossPoint | undefined): readonly LossPoint[] {
  if (!point) return points;
  const all = [...points.filter(({ step }) => step < point.step), point];
  if (all.length <= MAX_BETWEEN) return all;
  return all.flatMap((first, index) => {
    const second = all[index + 1];
    if (index % 2 === 1) return [];
    if (!second) return [first];
    return [
      {
        step: second.step,
        loss: (first.loss + second.loss) / 2,
        exactMatch: (first.exactMatch + second.exactMatch) / 2,
      },
    ];
  });
}
