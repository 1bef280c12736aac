import { setImmediate } from "node:timers/promises";
import { createRandom } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { type BackendName, selectBackend } from "./backend.js";
import { createLearner } from "./create-learner.js";
import { DivergenceError } from "./divergence.js";
import { MAX_SEED, type Settings } from "./flags.js";
import { createCore, createTask, describeModel, describeTask } from "./model.js";
import { JsonReporter } from "./reporters/json.js";
import { PlainReporter } from "./reporters/plain.js";
import type { Reporter } from "./reporters/reporter.js";
import { TerminalReporter } from "./reporters/terminal.js";
import { checkRunFolder, defaultRunFolder, RunFolder, runConfig } from "./run-folder.js";
import { type StopReason, StopRequest, signalStatus } from "./stop.js";
import { summary } from "./summary.js";
import { train } from "./train.js";
import { RmsProp } from "./training/rms-prop.js";
import { UsageError } from "./usage-error.js";

/**
 * `dnc train`: one run from settings to summary.
 *
 * @returns the exit status.
 * @throws UsageError before anything is written; DivergenceError if the run leaves the numbers.
 */
export async function runTraining(settings: Settings): Promise<number> {
  tf.enableProdMode();
  if (settings.checkpoint_dir !== undefined) checkRunFolder(settings.checkpoint_dir);
  const backend = await selectBackend(settings.backend);
  const seed = settings.seed ?? Math.floor(Math.random() * (MAX_SEED + 1));
  const { task, core, optimizer, learner } = prepare(settings, backend.name, seed);
  const config = runConfig(settings, { seed, backend: backend.name });
  const folder =
    settings.checkpoint_dir === undefined
      ? await RunFolder.createNew(defaultRunFolder(settings.task, seed), config)
      : await RunFolder.create(settings.checkpoint_dir, config);

  const reporter = createReporter(settings);
  const stop = new StopRequest(process.stdout, (reason) => announceStop(reporter, reason));
  try {
    reporter.start([
      ["task", describeTask(settings)],
      ["model", describeModel(settings, core)],
      ["backend", `${backend.name}: ${backend.why}`],
      ["engine", learner.what],
      ["seed", settings.seed === undefined ? `${seed} (drawn; --seed=${seed} repeats this run)` : String(seed)],
      ["run", `${folder.path} (Ctrl-C ends the run and keeps everything)`],
      ["loss", "nats a sequence, mean since the last report; solved: fresh sequences without a wrong bit"],
    ]);
    const outcome = await train({
      core,
      task,
      sampleTask: createTask(settings, 1),
      optimizer,
      learner,
      random: createRandom(seed),
      seed,
      iterations: settings.num_training_iterations,
      reportInterval: settings.report_interval,
      checkpointInterval: settings.checkpoint_interval,
      folder,
      reporter,
      shouldStop: () => stop.reason !== undefined,
    });
    reporter.end(
      summary(outcome, {
        iterations: settings.num_training_iterations,
        batch: settings.batch_size,
        folder: folder.path,
      }),
    );
    // What the output says to the last lines arrives a little later.
    await setImmediate();
    if (stop.outputError) {
      process.stderr.write(`dnc: standard output: ${stop.outputError.message}; the run is saved in ${folder.path}\n`);
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
    learner.dispose();
    optimizer.dispose();
    core.dispose();
  }
}

/**
 * All that a run computes with, before anything of it is written.
 *
 * @throws UsageError if the memory does not suffice.
 */
export function prepare(settings: Settings, backend: BackendName, seed: number) {
  try {
    const task = createTask(settings);
    const core = createCore(settings, task, seed);
    const optimizer = new RmsProp(core.variables, {
      learningRate: settings.learning_rate,
      epsilon: settings.optimizer_epsilon,
    });
    const learner = createLearner(settings, backend, { core, task, optimizer, maxGradNorm: settings.max_grad_norm });
    // Another generator than the run's: the batch only shows that there is room for one.
    tf.dispose(task.sample(createRandom(seed)));
    return { task, core, optimizer, learner };
  } catch (error) {
    // Every setting has been checked by now: only sizes can be out of range.
    if (error instanceof RangeError) throw new UsageError(`too large: ${error.message.replaceAll(/\s+/g, " ")}`);
    throw error;
  }
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
