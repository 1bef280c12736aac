import type { CrashWatch, ReportRecord, Run } from "@dnc/runs";
import { TimeLeft, type Training, type TrainingReport } from "@dnc/training";
import type { Progress, Reporter } from "../terminal/reporter.js";
import { withAdvice } from "./failure-advice.js";

/** Everything that takes part in training. */
export interface TrainParts {
  readonly training: Training;
  /** Where it is recorded. */
  readonly run: Run;
  /** Iterations in all. */
  readonly iterations: number;
  readonly reporter: Reporter;
  /** Notes errors that nobody catches; checked after every iteration. */
  readonly crash?: CrashWatch;
  /** Called before every iteration. */
  readonly shouldStop: () => boolean;
}

/** Result of a run. */
export interface TrainResult {
  /** Iterations done. */
  readonly step: number;
  /** Those of them that were done before this process resumed the run. */
  readonly firstStep: number;
  /** Spent on the others. */
  readonly seconds: number;
  readonly firstReport: ReportRecord | undefined;
  readonly lastReport: ReportRecord | undefined;
  /** Path of the last checkpoint. */
  readonly checkpoint: string;
}

/**
 * Trains, records what happens, and shows it.
 *
 * @throws RunFailedError, which says what the user can do about it, if the run diverges, its folder cannot be written, or
 *   anything else fails. What has not been saved is saved first, if possible, unless the run has diverged.
 */
export async function train(parts: TrainParts): Promise<TrainResult> {
  const { training, run, crash } = parts;
  const { step: firstStep = 0, seconds: secondsBefore = 0 } = run.state ?? {};
  try {
    await Promise.race([recordedTraining(parts, firstStep), ...(crash ? [crash.stuck] : [])]);
  } catch (error) {
    throw withAdvice(await run.fail(error, training));
  }
  const { step, state } = training;
  return {
    ...{ step, firstStep, seconds: state.seconds - secondsBefore },
    ...{ firstReport: run.firstReport, lastReport: run.lastReport, checkpoint: run.lastCheckpoint as string },
  };
}

async function recordedTraining(
  { training, run, iterations, reporter, crash, shouldStop }: TrainParts,
  firstStep: number,
): Promise<void> {
  const timeLeft = new TimeLeft(iterations, firstStep);
  const withTotals = ({ learningRate: _, ...progress }: TrainingReport): Progress => ({
    ...{ ...progress, totalSteps: iterations, secondsLeft: timeLeft.after(progress.step) },
  });
  await training.run({
    signal: {
      get aborted() {
        return shouldStop();
      },
    },
    onProgress(progress) {
      reporter.progress(withTotals(progress));
      run.progress(progress);
      crash?.check();
    },
    async onReport(report) {
      const recorded = await run.report(report);
      reporter.report({ progress: withTotals(report), ...recorded });
    },
    onCheckpoint: (checkpoint) => run.save(checkpoint),
  });
  await run.flush();
  crash?.check();
}
