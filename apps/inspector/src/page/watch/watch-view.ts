import { Readout } from "../app/readout.js";
import type { View } from "../app/view.js";
import { element } from "../dom.js";
import { describeStep } from "../trace/describe-step.js";
import type { SequenceView } from "../trace/sequence-view.js";
import { slotOrder } from "../trace/slot-order.js";
import { SequenceTrace } from "../trace/trace.js";
import { headsPanel } from "./heads-panel.js";
import { linksPanel } from "./links-panel.js";
import { memoryPanel } from "./memory-panel.js";
import { numbersPanel } from "./numbers-panel.js";
import { Playback } from "./playback.js";
import { slotPanel } from "./slot-panel.js";
import { timeStrips } from "./time-strips.js";
import { Transport } from "./transport.js";
import type { Part, Watched } from "./watched.js";

/** Shows a sequence step by step: what goes in and out, the memory, the heads and the links. */
export class WatchView implements View {
  readonly element: HTMLElement;
  readonly playback: Playback;
  readonly #transport: Transport;
  readonly #title = element("h1", {});
  readonly #narration = element("p", { class: "narration", role: "status", "aria-live": "off" });
  readonly #body = element("div", { class: "watch-body" });
  readonly #readout = new Readout();
  #parts: readonly Part[] = [];
  #trace: SequenceTrace | undefined;
  #view: SequenceView | undefined;
  #slot: number | undefined;

  constructor() {
    this.playback = new Playback({
      onStep: (step) => this.#showStep(step),
      onState: (isPlaying) => this.#showState(isPlaying),
    });
    this.#transport = new Transport(this.playback);
    this.element = element(
      ...(["div", { class: "watch" }] as const),
      this.#title,
      this.#transport.element,
      this.#narration,
      this.#body,
      this.#readout.element,
      this.#readout.spoken,
    );
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Shows a sequence from a step on. */
  show(view: SequenceView, { step = 0 }: { readonly step?: number } = {}): void {
    this.playback.pause();
    this.#readout.hide();
    const trace = new SequenceTrace(view.trace);
    const watched: Watched = {
      ...{ view, trace, slotOrder: slotOrder(trace), playback: this.playback, readout: this.#readout },
      follow: (slot) => this.follow(slot === this.#slot ? undefined : slot),
    };
    this.#view = view;
    this.#trace = trace;
    this.#title.textContent = view.title;
    const memory = trace.slots > 0 ? [memoryPanel(watched), headsPanel(watched)] : [];
    const links = linksPanel(watched);
    const slot = trace.slots > 0 ? [slotPanel(watched)] : [];
    this.#parts = [timeStrips(watched), ...memory, ...(links ? [links] : []), ...slot, numbersPanel(watched)];
    this.#body.replaceChildren(...this.#parts.map(({ element }) => element));
    this.#body.classList.toggle("without-links", links === undefined);
    this.follow(undefined);
    this.playback.reset(trace.timeSteps, Math.min(step, trace.timeSteps - 1));
  }

  /** Follows a slot through time; undefined: none. */
  follow(slot: number | undefined): void {
    this.#slot = slot;
    for (const part of this.#parts) part.showSlot?.(slot);
  }

  hide(): void {
    this.playback.pause();
    this.#readout.hide();
  }

  #showStep(step: number): void {
    if (!this.#trace) return;
    this.#transport.showStep(step, this.#trace.timeSteps, this.#view?.phases?.[step]);
    this.#narration.textContent = describeStep(this.#trace, step);
    for (const part of this.#parts) part.showStep?.(step);
  }

  #showState(isPlaying: boolean): void {
    this.#transport.showState(isPlaying);
    // While it plays, a screen reader could not follow.
    this.#narration.setAttribute("aria-live", isPlaying ? "off" : "polite");
  }

  #onKey(event: KeyboardEvent): void {
    const { target } = event;
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return;
    const steps: Readonly<Record<string, () => void>> = {
      " ": () => this.#transport.toggle(),
      ArrowLeft: () => this.playback.seek(this.playback.step - 1),
      ArrowRight: () => this.playback.seek(this.playback.step + 1),
      Home: () => this.playback.seek(0),
      End: () => this.playback.seek(this.playback.steps - 1),
    };
    const action = target instanceof HTMLButtonElement && event.key === " " ? undefined : steps[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }
}
