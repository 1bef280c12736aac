/** Steps per second that can be chosen; the last is one step per frame of the screen. */
export const SPEEDS = [1, 2, 4, 8, 16, 60] as const;

const DEFAULT_SPEED = 4;

/** The place in a sequence that is shown, and whether it moves. */
export class Playback {
  #step = 0;
  #steps = 1;
  #frame: number | undefined;
  #speed: number = DEFAULT_SPEED;
  #last = 0;
  readonly #onStep: (step: number) => void;
  readonly #onState: (isPlaying: boolean) => void;

  /** @param listeners - called when the step changes, and when it begins or ends to play. */
  constructor(listeners: { onStep(step: number): void; onState(isPlaying: boolean): void }) {
    this.#onStep = listeners.onStep;
    this.#onState = listeners.onState;
  }

  get step(): number {
    return this.#step;
  }

  get steps(): number {
    return this.#steps;
  }

  get isPlaying(): boolean {
    return this.#frame !== undefined;
  }

  get speed(): number {
    return this.#speed;
  }

  set speed(stepsPerSecond: number) {
    this.#speed = stepsPerSecond;
  }

  /** Begins with another sequence. */
  reset(steps: number, step = 0): void {
    this.pause();
    this.#steps = steps;
    this.#step = step;
    this.#onStep(step);
  }

  /** Goes to a step; those outside are clamped. */
  seek(step: number): void {
    const next = Math.min(Math.max(step, 0), this.#steps - 1);
    if (next === this.#step) return;
    this.#step = next;
    this.#onStep(next);
  }

  play(): void {
    if (this.isPlaying || this.#steps < 2) return;
    if (this.#step === this.#steps - 1) this.seek(0);
    this.#last = performance.now();
    const next = (now: number) => {
      this.#frame = requestAnimationFrame(next);
      const passed = Math.floor(((now - this.#last) / 1000) * this.#speed + 0.25);
      if (passed < 1) return;
      this.#last = now;
      this.seek(this.#step + 1);
      if (this.#step === this.#steps - 1) this.pause();
    };
    this.#frame = requestAnimationFrame(next);
    this.#onState(true);
  }

  pause(): void {
    if (this.#frame === undefined) return;
    cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    this.#onState(false);
  }
}
