import { MAX_THREADS } from "@dnc/kernel";
import type { Heap } from "./heap.js";
import type { Kernel } from "./kernel.js";

/**
 * Indices of the control words that the main thread and the workers share. `ready` is the first of MAX_THREADS flags;
 * `left` is the first of MAX_THREADS words, each the last dispatch that a worker has finished.
 */
const WORDS = { dispatch: 0, plan: 1, command: 2, ready: 3, left: 3 + MAX_THREADS };
/** The dispatch word is the number of the dispatch times this, plus the number of threads that take part. */
const DISPATCH = 64;
const STACK_BYTES = 65536;
const BARRIER_BYTES = 64;

/**
 * Source of a worker: waits for a dispatch, then runs its part of the command. It spins before it sleeps, because the
 * next iteration of a training loop usually comes within microseconds. The source is a string, so that bundlers do not
 * need to find a file.
 */
const WORKER = `
const start = ({ module, memory, words, threadIndex, stack, barrier, DISPATCH, WORDS }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  exports.__stack_pointer.value = stack;
  let seen = Atomics.load(words, WORDS.dispatch);
  Atomics.store(words, WORDS.ready + threadIndex, 1);
  for (;;) {
    for (let spins = 0; spins < 5000 && Atomics.load(words, WORDS.dispatch) === seen; spins++);
    Atomics.wait(words, WORDS.dispatch, seen);
    seen = Atomics.load(words, WORDS.dispatch);
    const threadCount = seen % DISPATCH;
    if (threadIndex >= threadCount) continue;
    try {
      exports.run(Atomics.load(words, WORDS.plan), Atomics.load(words, WORDS.command), threadIndex, threadCount);
    } catch (error) {
      exports.fail(barrier);
      throw error;
    } finally {
      Atomics.store(words, WORDS.left + threadIndex, seen);
      Atomics.notify(words, WORDS.left + threadIndex);
    }
  }
};
`;

/** The threads that run the kernel: the calling thread, with index 0, and workers on the same memory. */
export class Threads {
  readonly #kernel: Kernel;
  readonly #heap: Heap;
  readonly #words: Int32Array;
  /**
   * Address of the barrier. All networks share it, and it is never reset: a thread may still be leaving the last
   * barrier of a command when the next command starts.
   */
  readonly barrier: number;
  #workers = 0;
  #dispatches = 0;
  /** Whether a thread has failed within a command; other threads may never return from it. */
  #hasFailed = false;

  constructor(kernel: Kernel, heap: Heap) {
    this.#kernel = kernel;
    this.#heap = heap;
    const size = 4 * (WORDS.left + MAX_THREADS);
    const { start } = heap.allocate(BARRIER_BYTES);
    new Uint8Array(kernel.memory.buffer, start, BARRIER_BYTES).fill(0);
    this.barrier = start;
    this.#words = new Int32Array(kernel.shared ? new SharedArrayBuffer(size) : new ArrayBuffer(size));
  }

  /** Starts workers until there are `count` threads. A worker takes part from the first command after it is ready. */
  start(count: number): void {
    if (!this.#kernel.shared) return;
    while (this.#workers + 1 < Math.min(count, MAX_THREADS)) {
      const threadIndex = this.#workers + 1;
      const stack = this.#heap.allocate(STACK_BYTES);
      const data = {
        module: this.#kernel.module,
        memory: this.#kernel.memory,
        words: this.#words,
        threadIndex,
        stack: stack.start + stack.size,
        barrier: this.barrier,
        DISPATCH,
        WORDS,
      };
      if (!startWorker(data, () => this.#removeWorker(threadIndex))) {
        this.#heap.free(stack);
        return;
      }
      this.#workers = threadIndex;
    }
  }

  /**
   * Counts the threads that can run a command now.
   *
   * @param max - largest number to return.
   * @returns 1 for the calling thread, plus the workers before the first that is not ready; 1 once a thread has failed.
   */
  readyCount(max: number): number {
    if (this.#hasFailed) return 1;
    let count = 1;
    while (count < max && Atomics.load(this.#words, WORDS.ready + count) === 1) count++;
    return count;
  }

  /**
   * Starts workers and waits until they are ready.
   *
   * @param count - number of threads, including the calling one.
   * @param timeoutMs - longest time to wait, in milliseconds; default: 5000.
   * @returns the number of threads that are ready.
   */
  async waitUntilReady(count: number, timeoutMs = 5000): Promise<number> {
    this.start(count);
    const available = Math.min(count, this.#workers + 1);
    for (
      const end = performance.now() + timeoutMs;
      this.readyCount(available) < available && performance.now() < end;
    ) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return this.readyCount(available);
  }

  /**
   * Runs a command and waits for it to finish.
   *
   * @param plan - address of the plan.
   * @param command - one of `COMMANDS`.
   * @param threadCount - number of threads to run on; at most `readyCount`.
   * @throws Error if a thread fails; later commands run on one thread.
   */
  run(plan: number, command: number, threadCount: number): void {
    if (threadCount === 1) {
      this.#kernel.exports.run(plan, command, 0, 1);
      return;
    }
    Atomics.store(this.#words, WORDS.plan, plan);
    Atomics.store(this.#words, WORDS.command, command);
    this.#dispatches = (this.#dispatches + 1) % 2 ** 24;
    const dispatch = this.#dispatches * DISPATCH + threadCount;
    Atomics.store(this.#words, WORDS.dispatch, dispatch);
    Atomics.notify(this.#words, WORDS.dispatch);
    try {
      if (this.#kernel.exports.run(plan, command, 0, threadCount) !== 0) return;
    } catch (error) {
      this.#kernel.exports.fail(this.barrier);
      this.#leave(dispatch, threadCount);
      throw error;
    }
    this.#leave(dispatch, threadCount);
    throw new Error(
      "threads: expected all to finish, one failed; what they computed is lost, from now on there is one thread",
    );
  }

  /**
   * Stops the use of several threads, once all workers have left the failed command: until then they write to memory
   * that is reused.
   */
  #leave(dispatch: number, threadCount: number): void {
    this.#hasFailed = true;
    for (let worker = WORDS.left + 1; worker < WORDS.left + threadCount; worker++)
      for (let left = 0; left !== dispatch; left = Atomics.load(this.#words, worker))
        if (canBlock()) Atomics.wait(this.#words, worker, left, 1);
  }

  /** Marks a worker that has ended as not ready: it takes no part in later commands, nor do the workers after it. */
  #removeWorker(threadIndex: number): void {
    Atomics.store(this.#words, WORDS.ready + threadIndex, 0);
  }
}

/** Whether the calling thread may block in `Atomics.wait`: a page's main thread may not. */
export function canBlock(): boolean {
  return globalThis.process?.getBuiltinModule !== undefined || typeof document === "undefined";
}

/**
 * Starts a worker, in Node.js or in a page.
 *
 * @param onEnd - called when the worker ends, by an error or otherwise.
 * @returns false if workers cannot be started here.
 */
function startWorker(data: object, onEnd: () => void): boolean {
  const threads = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  try {
    if (threads) {
      const source = `${WORKER} start(require("node:worker_threads").workerData);`;
      // Without this process's command-line options and environment variables, which are not meant for workers.
      const worker = new threads.Worker(source, { eval: true, workerData: data, execArgv: [], env: {} });
      worker.on("error", onEnd).on("exit", onEnd);
      worker.unref();
      return true;
    }
    const source = `${WORKER} onmessage = ({ data }) => start(data);`;
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const worker = new Worker(url);
    worker.onerror = (event) => {
      event.preventDefault();
      onEnd();
    };
    worker.postMessage(data);
    URL.revokeObjectURL(url);
    return true;
  } catch {
    return false;
  }
}
