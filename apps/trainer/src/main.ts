import type { NetworkSource } from "./commands/pretrained.js";
import type { Request } from "./flags/command-line.js";
import type { ReportOptions, Unresolved } from "./flags/command-options.js";
import { type HelpOptions, parseCommandLine } from "./flags/parse-command-line.js";
import { endAfterForeignCode } from "./task/file/foreign-code.js";
import { writeStdout } from "./terminal/output.js";
import { installedProgram } from "./terminal/program.js";

/**
 * Runs a command line, and prints its error if it fails.
 *
 * @param args - arguments without node and script.
 * @param options - `program`: the words that start this program where the user stands, for texts that name a command;
 *   default: found out. `buildNative`: the command that builds the native engine, where it is not built and could be;
 *   default: none is named.
 * @returns the exit status: 0 done (or ended by Ctrl-C), 1 failed, 2 wrong usage, 128 + n ended by signal n.
 */
export async function main(
  args: readonly string[],
  {
    program = installedProgram(),
    buildNative,
  }: { readonly program?: string | undefined; readonly buildNative?: string | undefined } = {},
): Promise<number> {
  surviveClosedOutput();
  try {
    return await runCommand(args, { columns: process.stdout.columns, program }, buildNative);
  } catch (error) {
    const [{ isUsageError }, { warn }] = await Promise.all([import("./usage-error.js"), import("./terminal/warn.js")]);
    const isUsage = isUsageError(error);
    warn(isUsage ? error.message : errorText(error));
    return isUsage ? 2 : 1;
  } finally {
    endAfterForeignCode();
  }
}

/** Runs a command. Imports its module here, so that help and usage errors do not wait for TensorFlow.js to load. */
async function runCommand(
  args: readonly string[],
  help: HelpOptions & { readonly program: string },
  buildNative: string | undefined,
): Promise<number> {
  const request = await readRequest(args, help);
  switch (request.command) {
    case "print":
      await writeStdout(request.text);
      return 0;
    case "train": {
      const { planRun } = await import("./flags/plan.js");
      // What is wrong in the file of a task is said before TensorFlow.js has loaded.
      const plan = await planRun(request.settings);
      const { runTraining } = await import("./commands/train.js");
      return runTraining(plan, { program: help.program, buildNative });
    }
    case "eval":
      return onNetwork(request.options, async (options) => (await import("./commands/eval.js")).runEvaluation(options));
    case "presets":
      return (await import("./commands/presets.js")).runPresets(request.options);
    case "compare":
      return (await import("./commands/compare-presets.js")).runVariants(request.options);
    case "sweep":
      return (await import("./commands/sweep.js")).runSweep(request.options, help);
    case "grade":
      return onNetwork(request.options, async (options) => (await import("./commands/grade.js")).runGrade(options));
    case "trace":
      return onNetwork(request.options, async (options) => (await import("./commands/trace.js")).runTrace(options));
    case "report":
      return onNetwork(request.options, runReports);
    case "inspect":
      return (await import("./commands/inspect.js")).runInspect(request.options);
    case "doctor":
      return (await import("./commands/doctor.js")).runDoctor(request.options);
  }
}

/** Runs a command on a run or a pretrained network, whose name is checked before TensorFlow.js has loaded. */
async function onNetwork<Options extends NetworkSource>(
  given: Unresolved<Options>,
  run: (options: Options) => Promise<number>,
): Promise<number> {
  const { withPretrained } = await import("./commands/pretrained.js");
  return run(await withPretrained<Options>(given));
}

/** Writes the page of a run, of several, or of a sweep. */
async function runReports(options: ReportOptions): Promise<number> {
  if (options.moreRuns.length > 0) return (await import("./commands/compare.js")).runComparison(options);
  const { isSweepFolder } = await import("./sweep/read-results.js");
  return isSweepFolder(options.run)
    ? (await import("./commands/report-sweep.js")).runSweepReport(options)
    : (await import("./commands/report.js")).runReport(options);
}

/** Parses a command line. Imports what checks the values of flags only if there are any to check: it takes time to load. */
async function readRequest(args: readonly string[], help: HelpOptions): Promise<Request> {
  const parsed = parseCommandLine(args, help);
  if (parsed.kind === "help") return { command: "print", text: parsed.text };
  return (await import("./flags/command-line.js")).requestOf(parsed, args);
}

/** Names of errors of runs and clusters, whose messages are complete. */
const RUN_ERRORS = ["RunWriteError", "RunFailedError", "ClusterError"];

/** Returns the message of an error that the environment caused; for any other, a text that reports a fault of dnc. */
function errorText(error: unknown): string {
  const { name, code, message, stack } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  const isSystemError = typeof code === "string" && /^E[A-Z0-9]+$/.test(code);
  const isOutOfMemory = error instanceof RangeError && /allocation failed|array length/i.test(error.message);
  if (message !== undefined && (RUN_ERRORS.includes(name as string) || isSystemError || isOutOfMemory)) return message;
  if (process.env.DNC_DEBUG && stack !== undefined) return `this is a fault of dnc: ${stack}`;
  const what = message === undefined ? String(error) : `${name}: ${message}`;
  return `${what}\nThis is a fault of dnc; with DNC_DEBUG=1 in the environment it shows where, for a report of it.`;
}

/** Prevents a crash if a reader closes the output (`dnc train | head`); a run takes that as a request to end. */
function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners("error").includes(ignore)) stream.on("error", ignore);
  }
}

function ignore(): void {}
