import { setImmediate } from "node:timers/promises";
import { describeNetwork } from "@dnc/core";
import { whyUnavailable } from "@dnc/engine-wasm";
import { visibleLine } from "@dnc/report";
import { CrashWatch, RunFailedError } from "@dnc/runs";
import { guessingLoss } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { type Backend, selectBackend } from "../backends/select-backend.js";
import type { RunPlan } from "../configs.js";
import { openSession, type Session } from "../run/session.js";
import { type StopReason, StopRequest, signalStatus } from "../run/stop-request.js";
import { train } from "../run/train.js";
import { JsonReporter } from "../terminal/json-reporter.js";
import { LiveReporter } from "../terminal/live-reporter.js";
import { warn } from "../terminal/output.js";
import { PlainReporter } from "../terminal/plain-reporter.js";
import type { Reporter } from "../terminal/reporter.js";
import { summary } from "../terminal/summary.js";

/** How long a process may take to end by itself after a crash. */
const EXIT_TIMEOUT_MS = 5000;

/**
 * `dnc train`: trains a run, or what remains of one, and prints a summary.
 *
 * @returns the exit status.
 * @throws UsageError or RunFolderError before anything is written; RunFailedError if the run diverges, its folder cannot be
 *   written, or anything else ends it, anywhere in the process; RunWriteError if its folder cannot be written before it starts.
 */
export async function runTraining(plan: RunPlan): Promise<number> {
  const crash = new CrashWatch();
  try {
    return await Promise.race([watchedTraining(plan, crash), crash.stuck]);
  } finally {
    // What has crashed may keep the process alive, a thread for one.
    if (crash.hasCrashed) setTimeout(() => process.exit(1), EXIT_TIMEOUT_MS).unref();
    crash.dispose();
  }
}

async function watchedTraining(plan: RunPlan, crash: CrashWatch): Promise<number> {
  tf.enableProdMode();
  const { config, json, from } = plan;
  const { iterations } = config.training;
  const reporter = createReporter(json);
  const backend = await selectBackend(config.backend, config.network);
  const session = await openSession(plan, backend.name, (text) => reporter.notice(text));
  const { folder } = session.run;
  const stop = new StopRequest(process.stdout, (reason) => announceStop(reporter, reason));
  try {
    reporter.start(facts(session, backend, config.seed === undefined && !from));
    const shouldStop = () => stop.reason !== undefined;
    const result = await train({ ...session, iterations, reporter, crash, shouldStop });
    reporter.end(
      summary(result, {
        iterations,
        batchSize: config.task.batchSize,
        folder,
        learningRate: config.training.learningRate,
        guessing: guessingLoss(session.task),
      }),
    );
    // Errors of the output about the last lines arrive a little later.
    await setImmediate();
    if (stop.outputError) {
      warn(`standard output: ${stop.outputError.message}; the run is saved in ${visibleLine(folder)}`);
      return 1;
    }
    return stopStatus(stop.reason);
  } catch (error) {
    if (error instanceof RunFailedError && error.record) reporter.failure(error.record);
    // Leaves the terminal's live line.
    reporter.end([]);
    throw error;
  } finally {
    stop.dispose();
    await session.close();
  }
}

/** What a run starts with, a label and a text each. */
function facts(session: Session, backend: Backend, seedIsDrawn: boolean): [label: string, text: string][] {
  const { task, network, training, run, seed } = session;
  const path = visibleLine(run.folder);
  const batches = `${task.batchSize} sequence${task.batchSize === 1 ? "" : "s"}`;
  // Without WebAssembly there is no engine that could say why it does not train.
  const why = backend.name === "cpu" && !training.trainer ? whyUnavailable() : undefined;
  const next = run.state ? `resumes after iteration ${training.step}` : "Ctrl-C ends the run and keeps everything";
  return [
    ["task", `${task.name}: ${task.description}, ${batches} an iteration`],
    ["model", describeNetwork(network)],
    ["backend", `${backend.name}: ${backend.reason}`],
    ["engine", why === undefined ? training.description : `TensorFlow.js ops (${why})`],
    ["seed", seedIsDrawn ? `${seed} (drawn; --seed=${seed} repeats this run)` : String(seed)],
    ["run", `${path} (${next})`],
    ["loss", "nats per sequence, mean since the last report; exact match: new sequences without a wrong bit"],
  ];
}

function createReporter(json: boolean): Reporter {
  const { stdout, stderr } = process;
  if (json) return new JsonReporter(stdout, stderr);
  return stdout.isTTY && process.env.TERM !== "dumb" ? new LiveReporter(stdout) : new PlainReporter(stdout);
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
