/** Runs code of a user's file: it may throw anything, end the process, or never finish. */

/**
 * Runs a function during which `process.exit` throws instead of ending the process.
 *
 * @throws what the function throws.
 */
export function withoutExit<Result>(work: () => Result): Result {
  const { exit } = process;
  process.exit = (code) => {
    throw exitError(code);
  };
  try {
    return work();
  } finally {
    process.exit = exit;
  }
}

/** Time for the process to end by itself after a command. */
const EXIT_TIMEOUT_MS = 500;

let hasRun = false;

/** Ends the process soon after a command, with its exit status, if a user's file may have left a timer or a thread. */
export function endAfterForeignCode(): void {
  if (hasRun) setTimeout(() => process.exit(), EXIT_TIMEOUT_MS).unref();
}

/**
 * Runs a function that may return a promise, and waits for it.
 *
 * @throws (as a rejection) what it throws, or an error that nothing in it catches; an Error if it calls `process.exit`, or
 *   if its promise is pending when nothing is left to wait for.
 */
export async function settled<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  const { exit } = process;
  hasRun = true;
  let fail!: (error: unknown) => void;
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const onIdle = () => fail(new Error("its promise is never settled"));
  process.exit = (code) => {
    const error = exitError(code);
    fail(error);
    throw error;
  };
  process.on("beforeExit", onIdle);
  process.on("uncaughtException", fail);
  try {
    return await Promise.race([failure, Promise.resolve().then(work)]);
  } finally {
    process.exit = exit;
    process.off("beforeExit", onIdle);
    // The error that ended the work may not have reached the listener yet.
    setImmediate(() => process.off("uncaughtException", fail));
  }
}

function exitError(code: unknown): Error {
  return new Error(`it calls process.exit(${code ?? ""})`);
}
