import type { CheckpointFiles } from "@dnc/checkpoint";
import type { ReportRecord } from "@dnc/runs/contents";
import type { LossPoint } from "../learn/learning.js";
import type { RunRequest } from "./run-request.js";
import type { PageEngine } from "./use-engine.js";

/** A training that is asked for: plain data. */
export interface TrainingRequest extends RunRequest {
  readonly engine: PageEngine;
}

/** What is known of a training when it begins. */
export interface StartedTraining {
  /** Iterations of the whole run. */
  readonly iterations: number;
  /** Learning rate of the first iteration. */
  readonly learningRate: number;
}

/** What a training does: it computes, it can be resumed, all of its iterations are done, or it has failed. */
export type TrainingState = "running" | "paused" | "done" | "failed";

/** What a training tells. All of it can be sent between threads. */
export type TrainingEvent =
  | {
      readonly kind: "progress";
      /** Means since the last report. */
      readonly progress: Omit<ReportRecord, "sample">;
      /** Means since the event before. */
      readonly between: LossPoint | undefined;
      readonly learningRate: number;
    }
  | {
      readonly kind: "report";
      readonly record: ReportRecord;
      readonly sample: string;
      /** The network so far, if it is wanted. */
      readonly network: CheckpointFiles | undefined;
    }
  | { readonly kind: "notice"; readonly text: string }
  | {
      readonly kind: "state";
      readonly state: TrainingState;
      /** Reports after this iteration are made again. */
      readonly reported: number;
      /** Learning rate of the next iteration. */
      readonly learningRate: number;
      /** Why it has failed. */
      readonly error?: string | undefined;
    };
