import { type CheckpointFiles, encodeCheckpoint, parseCheckpoint, readTensors, stepName } from "@dnc/checkpoint";
import {
  checkpointContents,
  heldOutExactMatch,
  predictSample,
  type ReportRecord,
  reportRecord,
  restoreCheckpoint,
  samplePath,
  validationLoss,
} from "@dnc/runs/contents";
import { buildRun, type RunConfig, type RunParts, recordedSettings } from "@dnc/settings";
import type { PassedLesson, TrainingCheckpoint, TrainingReport } from "@dnc/training";
import { LearningRate } from "./learning-rate.js";
import { type LoadedRequest, loadRequest, type RunRequest } from "./run-request.js";

/** Held-out sequences on which a run with `until` is measured, as in `dnc train`. */
const HELD_OUT_SEQUENCES = 256;

/** What computes, as checkpoints record it. */
export interface RunEngine {
  readonly backend: string;
  readonly engine: string | null;
  readonly instructionSet: string | null;
  readonly versions: Readonly<Record<string, string>>;
}

/** What a run tells while it trains. */
export interface RunListener {
  /** Called after each iteration. */
  onProgress(report: TrainingReport): void;
  /** Called with each report, with a new sequence as text; `model` are the files of the network so far, if they are wanted. */
  onReport(record: ReportRecord, sample: string, model: CheckpointFiles | undefined): void;
  onLessonPassed(lesson: PassedLesson): void;
  /** Whether reports come with the network. */
  readonly wantsNetwork: boolean;
}

/**
 * A run that trains in this thread, and the contents of its folder: those that `dnc train` would have written. It trains in pieces: each
 * ends with a checkpoint, at which the next begins.
 */
export class TrainedRun {
  readonly #seed: number;
  readonly #engine: RunEngine;
  readonly #config: RunConfig;
  readonly #rate: LearningRate;
  readonly #lines: ReportRecord[] = [];
  readonly #samples = new Map<number, string>();
  #checkpoint: { readonly step: number; readonly files: CheckpointFiles } | undefined;
  #reported = 0;

  private constructor({ settings, config, source }: LoadedRequest, { seed }: RunRequest, engine: RunEngine) {
    this.#seed = seed;
    this.#engine = engine;
    this.#config = config;
    this.#rate = new LearningRate(settings, source);
  }

  /**
   * Checks what is asked for.
   *
   * @throws UsageError (as a rejection), one sentence, for the first setting that is not valid, or needs files.
   */
  static async create(request: RunRequest, engine: RunEngine): Promise<TrainedRun> {
    return new TrainedRun(await loadRequest(request), request, engine);
  }

  /** Iterations of the whole run. */
  get iterations(): number {
    return this.#config.training.iterations;
  }

  /** Iterations of the last checkpoint; undefined: there is none. */
  get savedStep(): number | undefined {
    return this.#checkpoint?.step;
  }

  /** Iterations whose reports are valid; those after it are made again. */
  get reported(): number {
    return this.#reported;
  }

  /** Learning rate of the next iteration. */
  get learningRate(): number {
    return this.#rate.next;
  }

  /**
   * Changes the learning rate from the next iteration on; config.json records it as `dnc train --change` does. A schedule begins at
   * this rate, and continues where it is.
   *
   * @throws UsageError if it is not a number above 0.
   */
  changeLearningRate(rate: number): void {
    this.#rate.change(rate);
  }

  /** The contents of config.json. */
  get config(): Readonly<Record<string, unknown>> {
    const { seed, backend } = { seed: this.#seed, backend: this.#engine.backend };
    return recordedSettings(this.#rate.settings, { seed, backend });
  }

  /**
   * Trains until all iterations are done, or `signal` says to stop; then there is a checkpoint.
   *
   * @returns whether the run is complete.
   * @throws DivergenceError, or an Error if no engine trains this network; the last checkpoint stays.
   */
  async train(signal: { readonly aborted: boolean }, listener: RunListener): Promise<boolean> {
    const checkpoint = this.#checkpoint && (await parseCheckpoint(this.#checkpoint.files));
    const parts = await buildRun(this.#config, {
      seed: this.#seed,
      restore: (restored) => checkpoint && this.#restore(restoreCheckpoint(checkpoint, restored)),
      learningRate: this.#rate.at,
    });
    try {
      const { training } = parts;
      if (!training.trainer)
        throw new Error(`This network is not trained in a page, but by dnc train (${training.description}).`);
      await training.run({
        ...{ signal, onProgress: listener.onProgress, onLessonPassed: listener.onLessonPassed },
        until: ({ step }) => this.#isReached(step),
        onReport: (report) => this.#report(parts, report, listener),
        onCheckpoint: (each) => this.#save(parts, each),
      });
      return training.isDone;
    } finally {
      parts.dispose();
    }
  }

  /**
   * Lists the files of the run's folder, as of the last checkpoint.
   *
   * @returns contents by path; undefined before the first checkpoint.
   */
  get folder(): Readonly<Record<string, Uint8Array>> | undefined {
    if (!this.#checkpoint) return undefined;
    const { step, files } = this.#checkpoint;
    const name = stepName(step);
    const text = (content: string) => new TextEncoder().encode(content);
    return {
      "config.json": text(`${JSON.stringify(this.config, null, 2)}\n`),
      "metrics.jsonl": text(this.#lines.map((line) => `${JSON.stringify(line)}\n`).join("")),
      ...Object.fromEntries([...this.#samples].map(([at, sample]) => [samplePath(at), text(`${sample.trim()}\n`)])),
      "checkpoints/latest": text(`${name}\n`),
      ...Object.fromEntries(Object.entries(files).map(([file, bytes]) => [`checkpoints/${name}/${file}`, bytes])),
    };
  }

  /** The files of the last checkpoint; undefined before the first. */
  get checkpoint(): CheckpointFiles | undefined {
    return this.#checkpoint?.files;
  }

  /** Deletes what is newer than the last report that was due, as a run that resumes does. */
  #restore({ training, reported }: ReturnType<typeof restoreCheckpoint>) {
    this.#reported = reported;
    while ((this.#lines.at(-1)?.step ?? 0) > reported) this.#samples.delete((this.#lines.pop() as ReportRecord).step);
    return training;
  }

  async #report({ network, task, training }: RunParts, report: TrainingReport, listener: RunListener): Promise<void> {
    const { step } = report;
    const { text } = await predictSample(network, task, this.#seed, step);
    const heldOut =
      this.#config.training.until === undefined
        ? undefined
        : await heldOutExactMatch(network, task, this.#seed, HELD_OUT_SEQUENCES);
    const record = { ...reportRecord(report, heldOut), sample: samplePath(step) };
    this.#lines.push(record);
    this.#samples.set(step, text);
    const state = { step: training.step, config: this.config };
    const model = listener.wantsNetwork
      ? await encodeCheckpoint({ model: await readTensors(network.variables), optimizer: [], state })
      : undefined;
    listener.onReport(record, text, model);
  }

  #isReached(step: number): boolean {
    const { until } = this.#config.training;
    const { step: reported, held_out_exact_match: exactMatch } = this.#lines.at(-1) ?? {};
    return until !== undefined && reported === step && exactMatch !== undefined && exactMatch >= until;
  }

  async #save({ network, task }: RunParts, checkpoint: TrainingCheckpoint): Promise<void> {
    const { step, state } = checkpoint;
    const loss = await validationLoss(network, task, this.#seed);
    if (!Number.isFinite(loss)) throw new Error(`The validation loss is not finite after iteration ${step}.`);
    const reported = state.report?.step ?? this.#reported;
    const identity = { seed: this.#seed, config: this.config, ...this.#engine };
    const contents = await checkpointContents({ identity, network, task: task.name, loss, reported }, checkpoint);
    this.#checkpoint = { step, files: await encodeCheckpoint(contents) };
  }
}
