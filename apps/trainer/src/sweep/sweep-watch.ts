import { LiveLine } from "../terminal/live-line.js";
import type { SweepEvent } from "./events.js";
import type { Sweep } from "./sweep-file.js";
import type { SweepRunner } from "./sweep-runner.js";
import { eventText, summaryText } from "./words.js";

/** Events that a line is shown for: those that end a run, and those that need attention. */
const SHOWN: readonly SweepEvent["event"][] = ["finished", "stopped", "failed", "tried"];

/** Shows a sweep on standard error: a line for each run that ends, and at a terminal a line with what runs and is best. */
export class SweepWatch {
  readonly #line =
    process.stderr.isTTY && process.env.TERM !== "dumb"
      ? new LiveLine(process.stderr, () => performance.now())
      : undefined;
  readonly #sweep: Pick<Sweep, "metric" | "goal">;
  readonly #isQuiet: boolean;
  #isHidden = false;

  /** @param options - `isQuiet`: shows nothing but notices. */
  constructor(sweep: Pick<Sweep, "metric" | "goal">, { isQuiet }: { readonly isQuiet: boolean }) {
    this.#sweep = sweep;
    this.#isQuiet = isQuiet;
  }

  event(event: SweepEvent): void {
    if (this.#isQuiet || !SHOWN.includes(event.event)) return;
    this.notice(`${event.run}: ${eventText(event, this.#sweep.metric)}`);
  }

  /** Shows a sentence above the live line. */
  notice(sentence: string): void {
    this.clear();
    process.stderr.write(`${sentence}\n`);
  }

  /** Shows where the sweep stands. */
  show(runner: SweepRunner): void {
    if (!this.#isQuiet && !this.#isHidden)
      this.#line?.show((width) => summaryText(runner.runs, this.#sweep).slice(0, width));
  }

  /** Shows no live line while something else is on the last line of the terminal. */
  async whileHidden<Result>(work: () => Promise<Result>): Promise<Result> {
    this.clear();
    this.#isHidden = true;
    try {
      return await work();
    } finally {
      this.#isHidden = false;
    }
  }

  clear(): void {
    this.#line?.clear();
  }
}
