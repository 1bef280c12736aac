import { Readout } from "../app/readout.js";
import type { View } from "../app/view.js";
import { element } from "../dom.js";
import { describeStep } from "../trace/describe-step.js";
import { oneSequence, sequencesOf } from "../trace/one-sequence.js";
import type { SequenceView } from "../trace/sequence-view.js";
import { SequenceTrace } from "../trace/trace.js";
import { deferred } from "./deferred.js";
import { headsPanel } from "./heads-panel.js";
import { linksPanel } from "./links-panel.js";
import { memoryPanel } from "./memory-panel.js";
import { numbersPanel } from "./numbers-panel.js";
import { picturePanel } from "./picture-panel.js";
import { Playback } from "./playback.js";
import { SequenceSelect } from "./sequence-select.js";
import { slotPanel } from "./slot-panel.js";
import { summaryPanel } from "./summary-panel.js";
import { timeStrips } from "./time-strips.js";
import { Transport } from "./transport.js";
import type { Part, Watched } from "./watched.js";

/** Space above a panel to which the view scrolls, in pixels, below the buttons that play. */
const SPACE_ABOVE = 12;

/** What is said where no sequence is open. */
const NOTHING =
  "Choose a trained network above, or drop a trace, the files of a checkpoint or the folder of a run anywhere on this page.";

/** Shows a sequence step by step: what goes in and out, the memory, the heads and the links. */
export class WatchView implements View {
  readonly element: HTMLElement;
  readonly playback: Playback;
  readonly #transport: Transport;
  readonly #title = element("h1", {});
  readonly #sequences: SequenceSelect;
  readonly #narration = element("p", { class: "narration", role: "status", "aria-live": "off" });
  readonly #body = element("div", { class: "watch-body" });
  readonly #readout = new Readout();
  #parts: readonly Part[] = [];
  #trace: SequenceTrace | undefined;
  #view: SequenceView | undefined;
  #slot: number | undefined;
  /** What was given to be shown, with all its sequences. */
  #given: SequenceView | undefined;

  constructor() {
    this.#sequences = new SequenceSelect((sequence) => {
      if (this.#given) this.#show(oneSequence(this.#given, sequence), this.playback.step);
    });
    this.playback = new Playback({
      onStep: (step) => this.#showStep(step),
      onState: (isPlaying) => this.#showState(isPlaying),
    });
    this.#transport = new Transport(this.playback);
    this.element = element(
      ...(["div", { class: "watch" }] as const),
      this.#title,
      this.#sequences.element,
      this.#transport.element,
      this.#narration,
      this.#body,
      this.#readout.element,
      this.#readout.spoken,
    );
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.show(undefined);
  }

  /** Shows a sequence from a step on; of several, the first; undefined: none. */
  show(view: SequenceView | undefined, { step = 0 }: { readonly step?: number | undefined } = {}): void {
    this.#given = view;
    this.element.classList.toggle("is-empty", view === undefined);
    if (view === undefined) this.#empty();
    else {
      this.#sequences.show(sequencesOf(view));
      this.#show(oneSequence(view, 0), step);
    }
  }

  #empty(): void {
    this.hide();
    this.#trace = undefined;
    this.#parts = [];
    this.#title.textContent = "Nothing to watch";
    this.#sequences.show(0);
    this.#narration.textContent = "";
    this.#body.replaceChildren(element("p", { class: "note" }, NOTHING));
  }

  #show(view: SequenceView, step: number): void {
    this.playback.pause();
    this.#readout.hide();
    const trace = new SequenceTrace(view.trace);
    const watched: Watched = {
      ...{ view, trace, slotOrder: trace.use?.order ?? [], playback: this.playback, readout: this.#readout },
      follow: (slot) => this.follow(slot === this.#slot ? undefined : slot),
    };
    this.#view = view;
    this.#trace = trace;
    this.#title.textContent = view.title;
    const { overTime, now } = partsOf(watched);
    const summary = deferred(
      () => summaryPanel(watched),
      () => this.#view === view,
    );
    const below = [...(trace.slots > 0 ? [summary] : []), numbersPanel(watched)];
    this.#parts = [...overTime, ...now, ...below];
    const elements = (parts: readonly Part[]) => parts.map(({ element }) => element);
    const column = (parts: readonly Part[]) => element("div", { class: "column" }, ...elements(parts));
    this.#body.replaceChildren(column(overTime), ...(now.length > 0 ? [column(now)] : []), ...elements(below));
    this.follow(undefined);
    this.playback.reset(trace.timeSteps, Math.min(step, trace.timeSteps - 1));
  }

  /** Follows a slot through time; undefined: none. */
  follow(slot: number | undefined): void {
    this.#slot = slot;
    for (const part of this.#parts) part.showSlot?.(slot);
  }

  /** Draws attention to panels, by their class names; none: to all alike. */
  spotlight(panels: readonly string[]): void {
    this.#body.classList.toggle("spotlit", panels.length > 0);
    for (const panel of this.#body.querySelectorAll(".panel"))
      panel.classList.toggle(
        "lit",
        panels.some((name) => panel.classList.contains(name)),
      );
    const [first] = panels;
    if (first === undefined) return;
    const top = (this.#body.querySelector(`.panel.${first}`)?.getBoundingClientRect().top ?? 0) + scrollY;
    // On a wide page the sequence can be seen together with its title.
    const isNearTop = first === "sequence" && top < innerHeight / 2;
    scrollTo({ top: isNearTop ? 0 : top - this.#transport.element.offsetHeight - SPACE_ABOVE });
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

/** The parts that show the whole sequence, and those that show the step. */
function partsOf(watched: Watched): { readonly overTime: readonly Part[]; readonly now: readonly Part[] } {
  const picture = picturePanel(watched);
  const pictures = picture ? [picture] : [];
  if (watched.trace.slots === 0) return { overTime: [timeStrips(watched), ...pictures], now: [] };
  const links = linksPanel(watched);
  return {
    overTime: [timeStrips(watched), slotPanel(watched), ...pictures],
    now: [memoryPanel(watched), headsPanel(watched), ...(links ? [links] : [])],
  };
}
