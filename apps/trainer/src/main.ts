import { type Request, readCommandLine } from "./flags/command-line.js";
import { warn, writeStdout } from "./terminal/output.js";
import { isUsageError } from "./usage-error.js";

/**
 * Runs a command line, and prints what went wrong.
 *
 * @param args - without node and script.
 * @returns the exit status: 0 done (or ended by Ctrl-C), 1 failed, 2 wrong usage, 128 + n ended by signal n.
 */
export async function main(args: readonly string[]): Promise<number> {
  surviveClosedOutput();
  try {
    return await work(readCommandLine(args, process.stdout.columns));
  } catch (error) {
    const isUsage = isUsageError(error);
    warn(isUsage ? error.message : sentence(error));
    return isUsage ? 2 : 1;
  }
}

/** TensorFlow.js takes a while to load, so help and usage errors do without it. */
async function work(request: Request): Promise<number> {
  switch (request.command) {
    case "print":
      await writeStdout(request.text);
      return 0;
    case "train": {
      const { planRun } = await import("./flags/plan.js");
      const { runTraining } = await import("./commands/train.js");
      return runTraining(planRun(request.settings));
    }
    case "eval":
      return (await import("./commands/eval.js")).runEvaluation(request.options);
    case "trace":
      return (await import("./commands/trace.js")).runTrace(request.options);
    case "report":
      return (await import("./commands/report.js")).runReport(request.options);
    case "doctor":
      return (await import("./commands/doctor.js")).runDoctor(request.options);
  }
}

/** Errors whose message is complete. */
const ENDS_OF_RUNS = ["RunWriteError", "RunFailedError"];

/** The message of an error that the environment caused; any other is a fault of this program, and the text says so. */
function sentence(error: unknown): string {
  const { name, code, message, stack } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  const isSystems = typeof code === "string" && /^E[A-Z0-9]+$/.test(code);
  const isOutOfMemory = error instanceof RangeError && /allocation failed|array length/i.test(error.message);
  if (message !== undefined && (ENDS_OF_RUNS.includes(name as string) || isSystems || isOutOfMemory)) return message;
  if (process.env.DNC_DEBUG && stack !== undefined) return `this is a fault of dnc: ${stack}`;
  const what = message === undefined ? String(error) : `${name}: ${message}`;
  return `${what}\nThis is a fault of dnc; with DNC_DEBUG=1 in the environment it shows where, for a report of it.`;
}

/** A reader that leaves (`dnc train | head`) is not a crash; a run takes it as a request to end. */
function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners("error").includes(ignore)) stream.on("error", ignore);
  }
}

function ignore(): void {}
