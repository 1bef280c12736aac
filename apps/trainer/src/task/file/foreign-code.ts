/** Runs code of a user's file: it may throw anything, end the process, or never finish. */

/** Number of calls in progress; several promises may be pending at the same time. */
let inProgress = 0;

/** Told of a call of `process.exit`: the promises that are pending. */
const pending = new Set<(error: Error) => void>();

let restore = () => {};

/**
 * Begins a call of foreign code: `process.exit` throws instead of ending the process, and the console prints to standard
 * error, because standard output may be JSON.
 */
function enter(): void {
  if (inProgress++ > 0) return;
  const { exit } = process;
  const { log, info, debug, error } = console;
  process.exit = (code) => {
    const failure = new Error(`it calls process.exit(${code ?? ""})`);
    for (const fail of pending) fail(failure);
    throw failure;
  };
  Object.assign(console, { log: error, info: error, debug: error });
  restore = () => {
    process.exit = exit;
    Object.assign(console, { log, info, debug });
  };
}

/** Ends a call of foreign code. */
function leave(): void {
  if (--inProgress === 0) restore();
}

/**
 * Runs a function during which `process.exit` throws instead of ending the process, and the console prints to standard
 * error.
 *
 * @throws what the function throws.
 */
export function withoutExit<Result>(work: () => Result): Result {
  enter();
  try {
    return work();
  } finally {
    leave();
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
 * Runs a function that may return a promise, and waits for it, under the conditions of `withoutExit`.
 *
 * @throws (as a rejection) what it throws, or an error that nothing in it catches; an Error if it calls `process.exit`, or
 *   if its promise is pending when nothing is left to wait for.
 */
export async function settled<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  hasRun = true;
  let fail!: (error: unknown) => void;
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const onIdle = () => fail(new Error("its promise is never settled"));
  enter();
  pending.add(fail);
  process.on("beforeExit", onIdle);
  process.on("uncaughtException", fail);
  try {
    return await Promise.race([failure, Promise.resolve().then(work)]);
  } finally {
    pending.delete(fail);
    leave();
    process.off("beforeExit", onIdle);
    // The error that ended the work may not have reached the listener yet.
    setImmediate(() => process.off("uncaughtException", fail));
  }
}
