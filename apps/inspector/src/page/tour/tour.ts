import { element } from "../dom.js";
import type { SequenceView } from "../trace/sequence-view.js";
import { SequenceTrace } from "../trace/trace.js";
import type { WatchView } from "../watch/watch-view.js";
import { repeatFacts } from "./repeat-facts.js";
import { type Stop, stopsOf } from "./stops.js";

/** A guided tour through a sequence of repeat copy: a card above the view, which goes from place to place. */
export class Tour {
  readonly element: HTMLElement;
  readonly #watch: WatchView;
  readonly #onEnd: (hadFocus: boolean) => void;
  readonly #title = element("h2", { tabindex: -1 });
  readonly #text = element("div", { "aria-live": "polite" });
  readonly #place = element("p", { class: "tour-place" });
  readonly #back: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  #stops: readonly Stop[] = [];
  #index = 0;
  #width = innerWidth;

  /** @param onEnd - called when it is ended, with whether the focus was in it. */
  constructor(watch: WatchView, onEnd: (hadFocus: boolean) => void) {
    this.#watch = watch;
    this.#onEnd = onEnd;
    this.#back = element("button", { type: "button", onclick: () => this.#go(this.#index - 1) }, "Back");
    this.#next = element("button", { type: "button", class: "primary", onclick: () => this.#forward() }, "Next");
    this.element = element(
      "section",
      { class: "tour", "aria-label": "Guided tour", hidden: true },
      this.#place,
      this.#title,
      this.#text,
      element(
        "div",
        { class: "tour-buttons" },
        this.#back,
        this.#next,
        element("button", { type: "button", onclick: () => this.end() }, "End the tour"),
      ),
    );
    addEventListener("resize", () => this.#onResize());
  }

  /** On a page of another width what is looked at is in another place. */
  #onResize(): void {
    const stop = this.#stops[this.#index];
    if (this.isRunning && stop && innerWidth !== this.#width) this.#watch.spotlight(stop.panels);
    this.#width = innerWidth;
  }

  get isRunning(): boolean {
    return !this.element.hidden;
  }

  /**
   * Begins a tour through the sequence that is shown.
   *
   * @returns whether there is something to show: it is a sequence of repeat copy.
   */
  begin(view: SequenceView): boolean {
    const trace = new SequenceTrace(view.trace);
    const facts = repeatFacts(view, trace);
    this.#stops = facts ? stopsOf(trace, facts) : [];
    if (this.#stops.length === 0) return false;
    this.element.hidden = false;
    document.body.classList.add("touring");
    this.#go(0);
    this.#title.focus({ preventScroll: true }); // its buttons are next
    return true;
  }

  end(): void {
    if (this.element.hidden) return;
    const hadFocus = this.element.contains(document.activeElement);
    this.element.hidden = true;
    document.body.classList.remove("touring");
    this.#watch.spotlight([]);
    this.#onEnd(hadFocus);
  }

  #forward(): void {
    if (this.#index === this.#stops.length - 1) this.end();
    else this.#go(this.#index + 1);
  }

  #go(index: number): void {
    const stop = this.#stops[index];
    if (!stop) return;
    this.#index = index;
    this.#place.textContent = `Guided tour, ${index + 1} of ${this.#stops.length}`;
    this.#title.textContent = stop.title;
    this.#text.replaceChildren(...stop.text.map((paragraph) => element("p", {}, paragraph)));
    this.#back.disabled = index === 0;
    this.#next.textContent = index === this.#stops.length - 1 ? "Finish" : "Next";
    this.#watch.playback.pause();
    this.#watch.playback.seek(stop.step);
    this.#watch.follow(stop.slot);
    this.#watch.spotlight(stop.panels);
  }
}
