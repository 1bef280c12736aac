import { element } from "../dom.js";
import type { DrawnQuestion, Question } from "../worker/question.js";
import type { Editor } from "./editor.js";

/** A sequence that the task draws, without anything to change but its sizes. */
export class DrawnEditor implements Editor {
  readonly element: HTMLElement;
  readonly #question: DrawnQuestion;

  constructor(question: DrawnQuestion) {
    this.#question = question;
    const note = "The task draws this sequence; draw another one, or choose other sizes.";
    this.element = element("div", { class: "editor" }, element("p", { class: "note" }, note));
  }

  question(): Question {
    return this.#question;
  }

  outside(): readonly string[] {
    return [];
  }
}
