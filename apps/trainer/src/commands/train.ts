import { setImmediate } from "node:timers/promises";
import { describeNetwork } from "@dnc/core";
import { visibleLine } from "@dnc/report";
import { CrashWatch, RunFailedError } from "@dnc/runs";
import { guessingLoss, isEpisodeTask } from "@dnc/tasks";
import { type Backend, selectBackend } from "../backends/select-backend.js";
import type { RunPlan } from "../configs.js";
import { backendForEngine } from "../engine/select-engine.js";
import { openSession, type Session } from "../run/session.js";
import { type StopReason, StopRequest, signalStatus } from "../run/stop-request.js";
import { type TrainResult, train } from "../run/train.js";
import { tf } from "../tensorflow.js";
import { percentage } from "../terminal/format.js";
import { JsonReporter } from "../terminal/json-reporter.js";
import { curriculumText } from "../terminal/lesson-words.js";
import { LiveReporter } from "../terminal/live-reporter.js";
import { lossUnit, scoredUnit } from "../terminal/loss-words.js";
import { nextCommands } from "../terminal/next-commands.js";
import { PlainReporter } from "../terminal/plain-reporter.js";
import type { Reporter } from "../terminal/reporter.js";
import { styleFor } from "../terminal/style.js";
import { summary } from "../terminal/summary.js";
import { symbolsFor } from "../terminal/symbols.js";
import { warn } from "../terminal/warn.js";

/** Time for the process to end by itself after a crash. */
const EXIT_TIMEOUT_MS = 5000;

/** Commands that texts name. */
type Words = { readonly program: string; readonly buildNative?: string | undefined };

/**
 * Runs `dnc train`: trains a new or resumed run, and prints a summary.
 *
 * @param plan - the run.
 * @param words - `program`: the words that start this program, for the commands that come next; `buildNative`: the
 *   command that builds the native engine, where it is not built and could be.
 * @returns the exit status.
 * @throws UsageError or RunFolderError before anything is written; RunWriteError if the folder cannot be written before
 *   training; RunFailedError if the run diverges, its folder cannot be written, or any error in the process ends it.
 */
export async function runTraining(plan: RunPlan, words: Words): Promise<number> {
  const crash = new CrashWatch();
  try {
    return await Promise.race([trainAndSummarize(plan, words, crash), crash.stuck]);
  } finally {
    if (crash.hasCrashed) endAfterCrash();
    crash.dispose();
  }
}

/** Ends the process soon, although a thread or an open handle may keep it alive. Errors after the first say nothing new. */
function endAfterCrash(): void {
  process.on("uncaughtException", () => {});
  setTimeout(() => process.exit(1), EXIT_TIMEOUT_MS).unref();
}

async function trainAndSummarize(plan: RunPlan, { program, buildNative }: Words, crash: CrashWatch): Promise<number> {
  tf.enableProdMode();
  const { config, json, from } = plan;
  const { iterations, until } = config.training;
  const reporter = createReporter(json);
  const backend = await selectBackend(backendForEngine(config.backend, plan.engine));
  const session = await openSession(plan, backend.name, (text) => reporter.notice(text));
  const { folder } = session.run;
  const quit = (status: number) => {
    reporter.end([]); // clears the live line
    process.exit(status);
  };
  const stop = new StopRequest(process.stdout, (reason) => announceStop(reporter, reason), { quit });
  try {
    const { task } = session;
    reporter.start(facts(session, backend, config.seed === undefined && !from), isEpisodeTask(task) ? undefined : task);
    // Only if the native engine would have been selected.
    if (buildNative !== undefined && session.engine?.unavailable.native !== undefined && !json)
      reporter.notice(`\`${buildNative}\` builds the native engine, which trains two to three times as fast`);
    const shouldStop = () => stop.reason !== undefined;
    const result = await train({ ...session, iterations, until, reporter, crash, shouldStop, program });
    reporter.end(
      [
        ...untilText(result, until),
        ...summary(result, {
          iterations,
          batchSize: config.task.batchSize,
          folder,
          learningRate: config.training.learningRate,
          guessing: isEpisodeTask(session.task) ? undefined : guessingLoss(session.task),
          lossUnit: lossUnit(session.task),
        }),
      ],
      nextCommands({ program, folder, isEarly: result.step < iterations, hasReport: result.firstReport !== undefined }),
    );
    // Errors of the output about the last lines are emitted asynchronously.
    await setImmediate();
    if (stop.outputError) {
      warn(`standard output: ${stop.outputError.message}; the run is saved in ${visibleLine(folder)}`);
      return 1;
    }
    return stopStatus(stop.reason);
  } catch (error) {
    if (error instanceof RunFailedError && error.record) reporter.failure(error.record);
    // Clears the live line of the terminal.
    reporter.end([]);
    throw error;
  } finally {
    stop.dispose();
    await session.close();
  }
}

/** Collects the facts to display at the start, each with a label and a text. */
function facts(session: Session, backend: Backend, seedIsDrawn: boolean): [label: string, text: string][] {
  const { config, task, network, training, run, seed, engine } = session;
  const path = visibleLine(run.folder);
  const batches = `${task.batchSize} sequence${task.batchSize === 1 ? "" : "s"}`;
  // The reason why TensorFlow.js ops compute, if they were not requested.
  const unavailable = engine?.name === "ops" ? engine.unavailable.wasm : undefined;
  const next = run.state ? `resumes after iteration ${training.step}` : "Ctrl-C ends the run and keeps everything";
  return [
    ["task", `${task.name}: ${task.description}, ${batches} per iteration`],
    ...(config.lessons ? [["lessons", curriculumText(config.lessons)] satisfies [string, string]] : []),
    ["model", describeNetwork(network)],
    ["backend", `${backend.name}: ${backend.reason}`],
    ["engine", unavailable === undefined ? training.description : `TensorFlow.js ops (${unavailable})`],
    ["seed", seedIsDrawn ? `${seed} (drawn; --seed=${seed} repeats this run)` : String(seed)],
    ["run", `${path} (${next})`],
    [
      "loss",
      `${lossUnit(task)}, mean since the last report; exact match: new sequences without a wrong ${scoredUnit(task)}`,
    ],
  ];
}

/** Says that the run ended because it reached its exact match. */
function untilText({ reached, step }: TrainResult, until: number | undefined): string[] {
  if (reached === undefined) return [];
  const share = `${percentage(reached)} of the held-out sequences had no error`;
  return [`Reached --until=${until}: ${share} after iteration ${step}.`];
}

function createReporter(json: boolean): Reporter {
  const { stdout, stderr } = process;
  if (json) return new JsonReporter(stdout, stderr, styleFor(stderr));
  const style = styleFor(stdout);
  if (!stdout.isTTY || process.env.TERM === "dumb") return new PlainReporter(stdout, style);
  return new LiveReporter(stdout, { style, symbols: symbolsFor() });
}

function announceStop(reporter: Reporter, reason: StopReason): void {
  if (reason === "closed output") process.stderr.write("nobody reads the output any more: ending and saving the run\n");
  else if (reason === "failed output") process.stderr.write("the output takes no more: ending and saving the run\n");
  else reporter.notice(`${reason}: ending and saving the run; once more quits at once`);
}

/** Returns the exit status: 0 after Ctrl-C, a normal way to end a run; 128 + n after any other signal n. */
function stopStatus(reason: StopReason | undefined): number {
  const fromOutside = reason === "SIGTERM" || reason === "SIGHUP";
  return fromOutside ? signalStatus(reason) : 0;
}
