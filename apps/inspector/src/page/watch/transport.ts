import { element } from "../dom.js";
import { type Playback, SPEEDS } from "./playback.js";

/** The buttons that play a sequence, the slider, and the name of the step. */
export class Transport {
  readonly element: HTMLElement;
  readonly #playback: Playback;
  readonly #play: HTMLButtonElement;
  readonly #slider: HTMLInputElement;
  readonly #name = element("output", { class: "step-name" });

  constructor(playback: Playback) {
    this.#playback = playback;
    const button = (label: string, symbol: string, onclick: () => void) =>
      element("button", { type: "button", "aria-label": label, title: label, onclick }, symbol);
    this.#play = button("Play", "▶", () => this.toggle());
    this.#play.classList.add("play");
    this.#slider = element("input", {
      ...{ type: "range", min: 0, max: 0, value: 0, "aria-label": "Time step" },
      oninput: () => playback.seek(this.#slider.valueAsNumber),
    });
    const speed = element(
      "select",
      { onchange: () => this.#setSpeed(Number(speed.value)) },
      ...SPEEDS.map((value) =>
        element(
          "option",
          { value, selected: value === playback.speed },
          value === 60 ? "60 a second" : `${value} a second`,
        ),
      ),
    );
    this.element = element(
      ...(["div", { class: "transport", role: "group", "aria-label": "Playing" }] as const),
      button("First step", "⏮", () => playback.seek(0)),
      button("Step back", "◀", () => playback.seek(playback.step - 1)),
      this.#play,
      button("Step forward", "▶|", () => playback.seek(playback.step + 1)),
      this.#slider,
      this.#name,
      element("label", { class: "speed" }, "Steps ", speed),
    );
  }

  toggle(): void {
    if (this.#playback.isPlaying) this.#playback.pause();
    else this.#playback.play();
  }

  showState(isPlaying: boolean): void {
    this.#play.textContent = isPlaying ? "⏸" : "▶";
    this.#play.setAttribute("aria-label", isPlaying ? "Pause" : "Play");
    this.#play.title = isPlaying ? "Pause" : "Play";
  }

  /** @param phase - name of the part of the sequence, if it is known. */
  showStep(step: number, steps: number, phase: string | undefined): void {
    this.#slider.max = String(steps - 1);
    this.#slider.value = String(step);
    const text = `step ${step} of 0 to ${steps - 1}${phase === undefined ? "" : `: ${phase}`}`;
    this.#slider.setAttribute("aria-valuetext", text);
    this.#name.textContent = text;
  }

  #setSpeed(speed: number): void {
    this.#playback.speed = speed;
  }
}
