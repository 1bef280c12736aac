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
const start = ({ module, memory, words, share, stack, DISPATCH, WORDS }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  exports.__stack_pointer.value = stack;
  let seen = Atomics.load(words, WORDS.dispatch);
  Atomics.store(words, WORDS.ready + share, 1);
  for (;;) {
    for (let looks = 0; looks < 5000 && Atomics.load(words, WORDS.dispatch) === seen; looks++);
    Atomics.wait(words, WORDS.dispatch, seen);
    seen = Atomics.load(words, WORDS.dispatch);
    if (share < seen % DISPATCH) exports.run(words[WORDS.plan], words[WORDS.command], share);
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
        DISPATCH,
        WORDS,
      };
      if (!startWorker(data)) {
        this.#heap.give(stack);
        return;
      }
      this.#workers = share;
    }
  }

  /** How many threads are there of `wanted`: a worker counts once it is ready and all before it are. */
  ready(wanted: number): number {
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
   * @param plan - address of the plan, whose `threads` is the same number.
   */
  run(plan: number, command: number, threads: number): void {
    if (threads > 1) {
      this.#words[WORDS.plan] = plan;
      this.#words[WORDS.command] = command;
      this.#dispatches = (this.#dispatches + 1) % 2 ** 24;
      Atomics.store(this.#words, WORDS.dispatch, this.#dispatches * DISPATCH + threads);
      Atomics.notify(this.#words, WORDS.dispatch);
    }
    this.#kernel.exports.run(plan, command, 0);
  }
}

/** Whether the main thread may sleep while it waits: in a page it may not. */
export function mayWait(): boolean {
  return globalThis.process?.getBuiltinModule !== undefined || typeof document === "undefined";
}

/** @returns false where workers cannot be started. */
function startWorker(data: object): boolean {
  const threads = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  try {
    if (threads) {
      const source = `${WORKER} start(require("node:worker_threads").workerData);`;
      // What the process was started with is not meant for workers.
      new threads.Worker(source, { eval: true, workerData: data, execArgv: [], env: {} }).unref();
      return true;
    }
    const source = `${WORKER} onmessage = ({ data }) => start(data);`;
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    new Worker(url).postMessage(data);
    URL.revokeObjectURL(url);
    return true;
  } catch {
    return false;
  }
}
