import { element } from "../dom.js";
import type { SequenceView } from "../trace/sequence-view.js";
import { answerFigures } from "./answer-figures.js";
import { sayLesion, sayOutside, sayTally, tallyOf } from "./say.js";

/** Answers to one question. */
export interface Answers {
  readonly intact: SequenceView;
  /** With parts of the memory taken away. */
  readonly lesioned?: SequenceView | undefined;
  /** What was taken away, in a few words each. */
  readonly parts: readonly string[];
  /** What about the question is outside of the training, in a few words each. */
  readonly outside: readonly string[];
}

/** Shows answers: a sentence that says what is wrong, and the answers themselves. */
export class AnswerPanel {
  readonly element: HTMLElement;
  readonly #result = element("p", { class: "result", role: "status" });
  readonly #outside = element("p", { class: "note outside" });
  readonly #figures = element("div", { class: "answers" });
  readonly #watch: HTMLButtonElement;

  /** @param watch - called to watch what is shown. */
  constructor(watch: () => void) {
    this.#watch = element("button", { type: "button", class: "primary", onclick: watch, disabled: true }, "Watch this");
    this.element = element(
      ...(["section", { class: "panel ask-answer", "aria-label": "The answer" }] as const),
      element("div", { class: "ask-head" }, element("h2", {}, "The answer"), this.#watch),
      this.#result,
      this.#outside,
      this.#figures,
    );
  }

  show({ intact, lesioned, parts, outside }: Answers): void {
    const [before, after] = [tallyOf(intact), lesioned && tallyOf(lesioned)];
    const said = before && (after ? sayLesion(parts, before, after) : sayTally(before));
    this.#result.textContent = said ?? "Nothing is right or wrong in this sequence.";
    this.#result.classList.toggle("is-wrong", (after ?? before)?.wrong !== 0 && before !== undefined);
    this.#outside.textContent = sayOutside(outside);
    const title = lesioned ? `With ${parts.join(", ")}` : "The network's answer";
    const answers = [
      { title, view: intact },
      ...(lesioned ? [{ title: `Without ${parts.join(", ")}`, view: lesioned }] : []),
    ];
    this.#figures.replaceChildren(...answerFigures(answers));
    this.#watch.disabled = false;
  }

  /** Says a sentence in place of an answer. */
  say(sentence: string): void {
    this.#result.textContent = sentence;
    this.#result.classList.remove("is-wrong");
    this.#outside.textContent = "";
    this.#figures.replaceChildren();
    this.#watch.disabled = true;
  }
}
