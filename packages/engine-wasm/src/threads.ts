import type { Heap } from "./heap.js";
import type { Kernel } from "./kernel.js";

/** Commands of the kernel's `run`. */
export const COMMANDS = { train: 0, forward: 1, backward: 2 } as const;

/** Words that main thread and workers share. */
const WORDS = { dispatch: 0, plan: 1, command: 2, ready: 3 };
/** A dispatch is its number times this, plus how many threads take part. */
const DISPATCH = 64;
const STACK = 65536;
const BARRIER = 64;
export const MAX_THREADS = 32;

/**
 * What a worker does: it waits for a dispatch and does its share. It first looks for one again and again, since the next
 * iteration of a training loop comes within microseconds. As text, so that no bundler has to find a file.
 */
const WORKER = `
const start = ({ module, memory, words, share, stack, barrier, DISPATCH, WORDS }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  exports.__stack_pointer.value = stack;
  let seen = Atomics.load(words, WORDS.dispatch);
  Atomics.store(words, WORDS.ready + share, 1);
  for (;;) {
    for (let looks = 0; looks < 5000 && Atomics.load(words, WORDS.dispatch) === seen; looks++);
    Atomics.wait(words, WORDS.dispatch, seen);
    seen = Atomics.load(words, WORDS.dispatch);
    const count = seen % DISPATCH;
    if (share >= count) continue;
    try {
      exports.run(Atomics.load(words, WORDS.plan), Atomics.load(words, WORDS.command), share, count);
    } catch (error) {
      exports.fail(barrier);
      throw error;
    }
  }
};
`;

/** The kernel's threads: this one, and workers that share its memory. */
export class Threads {
  readonly #kernel: Kernel;
  readonly #heap: Heap;
  readonly #words: Int32Array;
  /**
   * Address where threads wait for each other. It is the same for all networks and never written anew: a thread may be
   * so late in leaving the last wait of a command that the next command has begun.
   */
  readonly barrier: number;
  #workers = 0;
  #dispatches = 0;
  /** Whether a thread has failed within a command: others may never come back from it. */
  #hasFailed = false;

  constructor(kernel: Kernel, heap: Heap) {
    this.#kernel = kernel;
    this.#heap = heap;
    const size = 4 * (WORDS.ready + MAX_THREADS);
    const { start } = heap.take(BARRIER);
    new Uint8Array(kernel.memory.buffer, start, BARRIER).fill(0);
    this.barrier = start;
    this.#words = new Int32Array(kernel.shared ? new SharedArrayBuffer(size) : new ArrayBuffer(size));
  }

  /** Starts workers until there are `count` threads; they join in as they become ready. */
  start(count: number): void {
    if (!this.#kernel.shared) return;
    while (this.#workers + 1 < Math.min(count, MAX_THREADS)) {
      const share = this.#workers + 1;
      const stack = this.#heap.take(STACK);
      const data = {
        module: this.#kernel.module,
        memory: this.#kernel.memory,
        words: this.#words,
        share,
        stack: stack.start + stack.size,
        barrier: this.barrier,
        DISPATCH,
        WORDS,
      };
      if (!startWorker(data, () => this.#lose(share))) {
        this.#heap.give(stack);
        return;
      }
      this.#workers = share;
    }
  }

  /** How many threads are there of `wanted`: a worker counts once it is ready and all before it are, and while none has failed. */
  ready(wanted: number): number {
    if (this.#hasFailed) return 1;
    let count = 1;
    while (count < wanted && Atomics.load(this.#words, WORDS.ready + count) === 1) count++;
    return count;
  }

  /** Starts workers and waits until there are `count` threads, or until `patience` milliseconds are over. */
  async started(count: number, patience = 5000): Promise<number> {
    this.start(count);
    const wanted = Math.min(count, this.#workers + 1);
    for (const end = performance.now() + patience; this.ready(wanted) < wanted && performance.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return this.ready(wanted);
  }

  /**
   * Runs a command on `threads` threads and waits for all.
   *
   * @param plan - address of the plan.
   * @throws Error if one of them failed; from then on there is one thread.
   */
  run(plan: number, command: number, threads: number): void {
    if (threads === 1) {
      this.#kernel.exports.run(plan, command, 0, 1);
      return;
    }
    Atomics.store(this.#words, WORDS.plan, plan);
    Atomics.store(this.#words, WORDS.command, command);
    this.#dispatches = (this.#dispatches + 1) % 2 ** 24;
    Atomics.store(this.#words, WORDS.dispatch, this.#dispatches * DISPATCH + threads);
    Atomics.notify(this.#words, WORDS.dispatch);
    try {
      if (this.#kernel.exports.run(plan, command, 0, threads) !== 0) return;
    } catch (error) {
      this.#kernel.exports.fail(this.barrier);
      this.#hasFailed = true;
      throw error;
    }
    this.#hasFailed = true;
    throw new Error(
      "threads: expected all to finish, one failed; what they computed is lost, from now on there is one thread",
    );
  }

  /** A worker that ended between commands takes part no more, nor do those after it. */
  #lose(share: number): void {
    Atomics.store(this.#words, WORDS.ready + share, 0);
  }
}

/** Whether the main thread may sleep while it waits: in a page it may not. */
export function mayWait(): boolean {
  return globalThis.process?.getBuiltinModule !== undefined || typeof document === "undefined";
}

/**
 * @param onEnd - called if the worker ends, by an error or otherwise.
 * @returns false where workers cannot be started.
 */
function startWorker(data: object, onEnd: () => void): boolean {
  const threads = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  try {
    if (threads) {
      const source = `${WORKER} start(require("node:worker_threads").workerData);`;
      // What the process was started with is not meant for workers.
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
