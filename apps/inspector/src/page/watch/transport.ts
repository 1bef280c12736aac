import { element, svg } from "../dom.js";
import { type Playback, SPEEDS } from "./playback.js";

/** Outlines of the symbols on buttons, on a square of 16. */
const ICONS = {
  first: "M3 3h2v10H3z M13 3v10L6 8z",
  back: "M11 3v10L4 8z",
  play: "M4 2.5v11L13 8z",
  pause: "M4 3h3v10H4z M9 3h3v10H9z",
  forward: "M5 3v10l7-5z",
} as const;

type IconName = keyof typeof ICONS;

/** The buttons that play a sequence, the slider, and the name of the step. */
export class Transport {
  readonly element: HTMLElement;
  readonly #playback: Playback;
  readonly #play: HTMLButtonElement;
  readonly #slider: HTMLInputElement;
  readonly #name = element("output", { class: "step-name" });

  constructor(playback: Playback) {
    this.#playback = playback;
    const button = (label: string, symbol: IconName, onclick: () => void) =>
      element("button", { type: "button", "aria-label": label, title: label, onclick }, icon(symbol));
    this.#play = button("Play", "play", () => this.toggle());
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
      button("First step", "first", () => playback.seek(0)),
      button("Step back", "back", () => playback.seek(playback.step - 1)),
      this.#play,
      button("Step forward", "forward", () => playback.seek(playback.step + 1)),
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
    this.#play.replaceChildren(icon(isPlaying ? "pause" : "play"));
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

function icon(name: IconName): SVGElement {
  const drawn = svg("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" });
  drawn.append(svg("path", { d: ICONS[name] }));
  return drawn;
}
