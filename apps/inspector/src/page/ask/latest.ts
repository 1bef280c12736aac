/** Does one thing at a time: what was asked for last is done next, and what was asked for in between is left out. */
export class Latest<Value> {
  readonly #work: (value: Value, isLatest: () => boolean) => Promise<void>;
  #next: { readonly value: Value } | undefined;
  #isWorking = false;

  /** @param work - does it; `isLatest` says whether nothing else was asked for since. It must not throw. */
  constructor(work: (value: Value, isLatest: () => boolean) => Promise<void>) {
    this.#work = work;
  }

  /** Asks for something; the promise ends when there is nothing left to do. */
  async ask(value: Value): Promise<void> {
    this.#next = { value };
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      while (this.#next) {
        const { value: current } = this.#next;
        this.#next = undefined;
        await this.#work(current, () => this.#next === undefined);
      }
    } finally {
      this.#isWorking = false;
    }
  }
}
