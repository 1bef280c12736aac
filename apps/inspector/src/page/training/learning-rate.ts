import { learningRateSchedule, resolveSettings, runConfigOf, type TaskSource } from "@dnc/settings";
import type { Settings } from "@dnc/settings/flags";

/** The learning rate of a run, which may be changed while it trains. */
export class LearningRate {
  readonly #source: TaskSource;
  #settings: Settings;
  #schedule: (iteration: number) => number;
  /** Iterations that were begun. */
  #begun = 0;
  /** Settings from the next iteration on. */
  #changed: Settings | undefined;

  /** @param source - where the task of the settings comes from. */
  constructor(settings: Settings, source: TaskSource) {
    this.#settings = settings;
    this.#source = source;
    this.#schedule = this.#scheduleOf(settings);
  }

  /** Settings of the iterations that were begun, with the changes so far. */
  get settings(): Settings {
    return this.#settings;
  }

  /** Learning rate of the next iteration. */
  get next(): number {
    const schedule = this.#changed ? this.#scheduleOf(this.#changed) : this.#schedule;
    return schedule(this.#begun + 1);
  }

  /** Returns the learning rate of an iteration that begins. */
  readonly at = (iteration: number): number => {
    this.#begun = iteration - 1;
    if (this.#changed) this.#apply(this.#changed);
    this.#begun = iteration;
    return this.#schedule(iteration);
  };

  /** Changes the settings' learning rate from the next iteration on. Throws a UsageError if it is not a number above 0. */
  change(rate: number): void {
    const values = { learning_rate: rate };
    resolveSettings({ config: { label: "learning rate", values } });
    this.#changed = rate === this.#settings.learning_rate ? undefined : { ...this.#settings, ...values };
  }

  #apply(changed: Settings): void {
    const { learning_rate: before, changes = [] } = this.#settings;
    const change = { step: this.#begun, from: { learning_rate: before }, to: { learning_rate: changed.learning_rate } };
    this.#settings = { ...changed, changes: [...changes, change] };
    this.#schedule = this.#scheduleOf(this.#settings);
    this.#changed = undefined;
  }

  #scheduleOf(settings: Settings): (iteration: number) => number {
    const { training } = runConfigOf(settings, this.#source);
    return learningRateSchedule(training) ?? (() => training.learningRate);
  }
}
