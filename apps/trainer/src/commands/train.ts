import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../backends/select-backend.js";
import type { Settings } from "../flags/train-flags.js";
import { lossOfGuessing } from "../model/guessing.js";
import { describeModel, describeTask } from "../model/model.js";
import { CrashWatch } from "../run/crash-watch.js";
import { DivergenceError } from "../run/divergence-error.js";
import { planRun } from "../run/plan.js";
import { openSession, type Session } from "../run/session.js";
import { type StopReason, StopRequest, signalStatus } from "../run/stop-request.js";
import { train } from "../run/train.js";
import { JsonReporter } from "../terminal/json-reporter.js";
import { TerminalReporter } from "../terminal/live-reporter.js";
import { PlainReporter } from "../terminal/plain-reporter.js";
import type { Reporter } from "../terminal/reporter.js";
import { summary } from "../terminal/summary.js";
import { visibleLine } from "../terminal/visible.js";

/** How long a process may take to end by itself after a crash. */
const LEAVING_MILLISECONDS = 5000;

/**
 * `dnc train`: one run, or what remains of one, from settings to summary.
 *
 * @returns the exit status.
 * @throws UsageError before anything is written; DivergenceError if the run leaves the numbers; RunWriteError if its folder
 *   takes no more; RunFailedError if something else ends it, anywhere in the process.
 */
export async function runTraining(asked: Settings): Promise<number> {
  const crash = new CrashWatch();
  try {
    return await Promise.race([watchedTraining(asked, crash), crash.stuck]);
  } finally {
    // What has crashed may keep the process alive, a thread for one.
    if (crash.hasCrashed) setTimeout(() => process.exit(1), LEAVING_MILLISECONDS).unref();
    crash.dispose();
  }
}

async function watchedTraining(asked: Settings, crash: CrashWatch): Promise<number> {
  tf.enableProdMode();
  const plan = planRun(asked);
  const reporter = createReporter(plan.settings);
  const backend = await selectBackend(plan.settings.backend, plan.settings);
  const session = await openSession(plan, backend.name, (text) => reporter.notice(text));
  const { settings, folder } = session;
  const stop = new StopRequest(process.stdout, (reason) => announceStop(reporter, reason));
  try {
    reporter.start(facts(session, `${backend.name}: ${backend.why}`, asked.seed === undefined && !plan.from));
    const outcome = await train({
      ...session,
      iterations: settings.num_training_iterations,
      reportInterval: settings.report_interval,
      checkpointInterval: settings.checkpoint_interval,
      keepCheckpoints: settings.keep_checkpoints,
      reporter,
      crash,
      shouldStop: () => stop.reason !== undefined,
    });
    reporter.end(
      summary(outcome, {
        iterations: settings.num_training_iterations,
        batch: settings.batch_size,
        folder: folder.path,
        learningRate: settings.learning_rate,
        guessing: lossOfGuessing(settings),
      }),
    );
    // What the output says to the last lines arrives a little later.
    await setImmediate();
    if (stop.outputError) {
      process.stderr.write(
        `dnc: standard output: ${stop.outputError.message}; the run is saved in ${visibleLine(folder.path)}\n`,
      );
      return 1;
    }
    return stopStatus(stop.reason);
  } catch (error) {
    if (error instanceof DivergenceError) reporter.failure(error.record);
    // Leaves the terminal's live line.
    reporter.end([]);
    throw error;
  } finally {
    stop.dispose();
    await session.dispose();
  }
}

/** What a run begins with, a label and a text each. */
function facts(session: Session, backend: string, seedIsDrawn: boolean): [label: string, text: string][] {
  const { settings, core, learner, folder, identity, standing, before } = session;
  const { seed } = identity;
  const goesOn = `${visibleLine(folder.path)} (goes on after iteration ${standing.means.step})`;
  return [
    ["task", describeTask(settings)],
    ["model", describeModel(settings, core)],
    ["backend", backend],
    ["engine", learner.what],
    ["seed", seedIsDrawn ? `${seed} (drawn; --seed=${seed} repeats this run)` : String(seed)],
    ["run", before ? goesOn : `${visibleLine(folder.path)} (Ctrl-C ends the run and keeps everything)`],
    ["loss", "nats per sequence, mean since the last report; exact match: new sequences without a wrong bit"],
  ];
}

function createReporter(settings: Settings): Reporter {
  const { stdout, stderr } = process;
  if (settings.json) return new JsonReporter(stdout, stderr);
  return stdout.isTTY && process.env.TERM !== "dumb" ? new TerminalReporter(stdout) : new PlainReporter(stdout);
}

function announceStop(reporter: Reporter, reason: StopReason): void {
  if (reason === "closed output") process.stderr.write("nobody reads the output any more: ending and saving the run\n");
  else if (reason === "failed output") process.stderr.write("the output takes no more: ending and saving the run\n");
  else reporter.notice(`${reason}: ending and saving the run; once more quits at once`);
}

/** Ctrl-C is a way to end a run; other signals are someone else's wish, which a supervisor wants to see. */
function stopStatus(reason: StopReason | undefined): number {
  const fromOutside = reason === "SIGTERM" || reason === "SIGHUP";
  return fromOutside ? signalStatus(reason) : 0;
}
