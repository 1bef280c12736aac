import { reportRecord } from "@dnc/runs/contents";
import type { PassedLesson } from "@dnc/training";
import * as Comlink from "comlink";
import { zipSync } from "fflate";
import type { NetworkFiles } from "../worker/facts.js";
import { BetweenReports } from "./between-reports.js";
import { type RunListener, TrainedRun } from "./trained-run.js";
import type { StartedTraining, TrainingEvent, TrainingRequest, TrainingState } from "./training-events.js";
import { useEngine } from "./use-engine.js";

/** Time between two events about progress, in milliseconds. */
const PROGRESS_MS = 150;

/** Trains one network after the other; runs in a worker of its own. */
export class TrainingBench {
  #run: TrainedRun | undefined;
  #listener: (event: TrainingEvent) => void = () => {};
  #state: TrainingState = "paused";
  #wantsNetwork = false;
  /** Whether the training is to pause. */
  #isPausing = false;
  /** Called at the next checkpoint. */
  #waiting: (() => void)[] = [];
  #training: Promise<void> = Promise.resolve();

  /**
   * Begins a training, which ends the one before.
   *
   * @param listener - gets what happens from then on.
   * @throws Error (as a rejection), a sentence, if a setting is not valid, or the engine does not work here.
   */
  async start(
    { engine, ...request }: TrainingRequest,
    listener: (event: TrainingEvent) => void,
  ): Promise<StartedTraining> {
    await this.pause();
    const run = await TrainedRun.create(request, await useEngine(engine));
    this.#run = run;
    this.#listener = listener;
    this.#go(run);
    return { iterations: run.iterations, learningRate: run.learningRate };
  }

  /** Ends the training after the current iteration; it can be resumed. */
  async pause(): Promise<void> {
    this.#isPausing = true;
    await this.#training;
  }

  /** Resumes a training that was paused. */
  resume(): void {
    if (this.#run && this.#state === "paused") this.#go(this.#run);
  }

  /** Whether reports come with the network so far. */
  wantNetwork(wants: boolean): void {
    this.#wantsNetwork = wants;
  }

  /**
   * Changes the learning rate from the next iteration on.
   *
   * @returns the learning rate of the next iteration.
   * @throws Error with a sentence if it is not a number above 0.
   */
  changeLearningRate(rate: number): number {
    const run = this.#started();
    run.changeLearningRate(rate);
    return run.learningRate;
  }

  /** Returns the network as it is now. */
  async network(): Promise<NetworkFiles> {
    await this.#checkpoint();
    const { checkpoint } = this.#started();
    if (!checkpoint) throw new Error("There is no checkpoint yet.");
    const { "optimizer.safetensors": _, ...files } = checkpoint;
    return files;
  }

  /**
   * Returns the run as it is now as a zip file with its folder, which `dnc train --resume` continues.
   *
   * @param name - of the folder in it.
   */
  async zip(name: string): Promise<Uint8Array> {
    await this.#checkpoint();
    const { folder } = this.#started();
    if (!folder) throw new Error("There is no checkpoint to save.");
    const files = Object.entries(folder).map(([path, bytes]) => [`${name}/${path}`, bytes] as const);
    const zipped = zipSync(Object.fromEntries(files));
    return Comlink.transfer(zipped, [zipped.buffer as ArrayBuffer]);
  }

  /** Interrupts a training that runs for a checkpoint. */
  async #checkpoint(): Promise<void> {
    if (this.#state === "running") await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #go(run: TrainedRun): void {
    this.#isPausing = false;
    this.#training = this.#train(run);
  }

  async #train(run: TrainedRun): Promise<void> {
    this.#tell(run, "running");
    const bench = this;
    const signal = {
      get aborted() {
        return bench.#isPausing || bench.#waiting.length > 0;
      },
    };
    const listener = this.#runListener();
    try {
      let isDone = false;
      do {
        isDone = await run.train(signal, listener);
        for (const resolve of this.#waiting.splice(0)) resolve();
      } while (!isDone && !this.#isPausing);
      this.#tell(run, isDone ? "done" : "paused");
    } catch (error) {
      this.#tell(run, "failed", (error as Error).message);
    } finally {
      for (const resolve of this.#waiting.splice(0)) resolve();
    }
  }

  #runListener(): RunListener {
    const between = new BetweenReports();
    let last = 0;
    const bench = this;
    return {
      get wantsNetwork() {
        return bench.#wantsNetwork;
      },
      onProgress: (report) => {
        const now = performance.now();
        if (now - last < PROGRESS_MS) return;
        last = now;
        const { learningRate } = report;
        bench.#listener({
          kind: "progress",
          progress: reportRecord(report),
          between: between.take(report),
          learningRate,
        });
      },
      onReport: (record, sample, network) => bench.#listener({ kind: "report", record, sample, network }),
      onLessonPassed: (lesson) => bench.#listener({ kind: "notice", text: passedText(lesson) }),
    };
  }

  #tell(run: TrainedRun, state: TrainingState, error?: string): void {
    this.#state = state;
    this.#listener({ kind: "state", state, reported: run.reported, learningRate: run.learningRate, error });
  }

  #started(): TrainedRun {
    if (!this.#run) throw new Error("No training was started.");
    return this.#run;
  }
}

function passedText({ number, count, step, metric, value }: PassedLesson): string {
  const measured = metric === "exact match" ? `${(100 * value).toFixed(1)}%` : value.toFixed(4);
  return `Lesson ${number} of ${count} passed after iteration ${step}: ${metric} ${measured}.`;
}
