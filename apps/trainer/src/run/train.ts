import type { CrashWatch, ReportRecord, Run } from "@dnc/runs";
import { TimeLeft, type Training, type TrainingReport } from "@dnc/training";
import { passedText } from "../terminal/lesson-words.js";
import type { Progress, Reporter } from "../terminal/reporter.js";
import { withAdvice } from "./failure-advice.js";

/** Options of `train`. */
export interface TrainParts {
  readonly training: Training;
  /** The run that records the training. */
  readonly run: Run;
  /** Total number of iterations. */
  readonly iterations: number;
  /** Exact match on the held-out sequences at which the run ends; undefined: it runs all iterations. */
  readonly until?: number | undefined;
  readonly reporter: Reporter;
  /** Records uncaught errors; checked after every iteration. */
  readonly crash?: CrashWatch;
  /** Whether to end early; called before every iteration. */
  readonly shouldStop: () => boolean;
  /** The words that start this program, for advice after a failure; default: `dnc`. */
  readonly program?: string | undefined;
}

/** Result of `train`. */
export interface TrainResult {
  /** Iterations since the run began. */
  readonly step: number;
  /** Iterations before this process resumed the run; 0 for a new run. */
  readonly firstStep: number;
  /** Training time of this process. */
  readonly seconds: number;
  readonly firstReport: ReportRecord | undefined;
  readonly lastReport: ReportRecord | undefined;
  /** Exact match on the held-out sequences that ended the run; undefined if it ended for another reason. */
  readonly reached?: number | undefined;
  /** Path of the last checkpoint. */
  readonly checkpoint: string;
}

/**
 * Trains a network, records the run and displays it.
 *
 * @throws RunFailedError with advice for the user, if the run diverges, its folder cannot be written, or anything else
 *   fails. Iterations since the last checkpoint are saved first, if possible, unless the run has diverged.
 */
export async function train(parts: TrainParts): Promise<TrainResult> {
  const { training, run, crash } = parts;
  const { step: firstStep = 0, seconds: secondsBefore = 0 } = run.state ?? {};
  try {
    await Promise.race([trainAndRecord(parts, firstStep), ...(crash ? [crash.stuck] : [])]);
  } catch (error) {
    throw withAdvice(await run.fail(error, training), parts.program);
  }
  const { step, state } = training;
  return {
    ...{ step, firstStep, seconds: state.seconds - secondsBefore },
    ...{ firstReport: run.firstReport, lastReport: run.lastReport, checkpoint: run.lastCheckpoint as string },
    reached: reached(parts, step),
  };
}

async function trainAndRecord(parts: TrainParts, firstStep: number): Promise<void> {
  const { training, run, iterations, reporter, crash, shouldStop } = parts;
  // A run that has ended in this way does not continue when it is resumed.
  const hasEnded = reached(parts, firstStep) !== undefined;
  const timeLeft = new TimeLeft(iterations, firstStep);
  const withTotals = ({ learningRate: _, ...progress }: TrainingReport): Progress => ({
    ...{ ...progress, totalSteps: iterations, secondsLeft: timeLeft.after(progress.step) },
  });
  await training.run({
    signal: {
      get aborted() {
        return hasEnded || shouldStop();
      },
    },
    until: ({ step }) => reached(parts, step) !== undefined,
    onProgress(progress) {
      reporter.progress(withTotals(progress));
      run.progress(progress);
      crash?.check();
    },
    async onReport(report) {
      const recorded = await run.report(report);
      reporter.report({ progress: withTotals(report), ...recorded });
    },
    onLessonPassed: (lesson) => reporter.notice(passedText(lesson)),
    onCheckpoint: (checkpoint) => run.save(checkpoint),
  });
  await run.flush();
  crash?.check();
}

/** Returns the exact match on the held-out sequences after a step if it is that at which the run ends. */
function reached({ run, until }: TrainParts, step: number): number | undefined {
  const { step: reported, held_out_exact_match: exactMatch } = run.lastReport ?? run.previousReport ?? {};
  return until !== undefined && reported === step && exactMatch !== undefined && exactMatch >= until
    ? exactMatch
    : undefined;
}
