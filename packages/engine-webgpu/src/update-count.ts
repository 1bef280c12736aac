/**
 * Counts the updates that a queue of steps will have applied, before their results are known. Once a step is rejected, all
 * steps are rejected that were added before its result has been read.
 */
export class UpdateCount {
  /** Steps added, and those whose results have been read. */
  #added = 0;
  #read = 0;
  /** Updates including all added steps, if none is rejected whose result is unread. */
  #updates = 0;
  /** Steps before this one are not part of `#updates`: they ran before `reset`, or were found to be rejected. */
  #excluded = 0;
  /** Steps before this one were added before a rejection was read. */
  #cleared = 0;

  /** Adds a step. @returns the number of updates including it, if it is applied. */
  next(): number {
    this.#added++;
    return ++this.#updates;
  }

  /** Sets the number of updates before the next step. */
  reset(updates: number): void {
    this.#updates = updates;
    this.#excluded = this.#added;
  }

  /**
   * Takes results that have been read, in the order of the steps.
   *
   * @param applied - one for each step.
   * @returns whether a step was rejected after the last rejection that was read: steps may be applied again.
   */
  read(applied: readonly boolean[]): boolean {
    const first = this.#read;
    this.#read += applied.length;
    const rejected = applied.findIndex((isApplied, index) => !isApplied && first + index >= this.#cleared);
    if (rejected < 0) return false;
    this.#updates -= this.#added - Math.max(first + rejected, this.#excluded);
    this.#cleared = this.#added;
    this.#excluded = this.#added;
    return true;
  }
}
