import { element } from "../dom.js";
import type { AskedStory, Question } from "../worker/question.js";
import type { Editor, EditorContext } from "./editor.js";

/** Types a story of bAbI and its question. */
export class StoryEditor implements Editor {
  readonly element = element("div", { class: "editor" });
  readonly #text: HTMLTextAreaElement;
  readonly #words: readonly string[];

  constructor({ lines, words }: AskedStory, { onChange }: EditorContext) {
    this.#words = words;
    this.#text = element("textarea", { rows: 10, spellcheck: "false", "aria-label": "Story and question" });
    this.#text.value = lines.join("\n");
    this.#text.addEventListener("input", onChange);
    const known = words.filter((word) => /^[a-z]/.test(word)).join(", ");
    this.element.append(
      this.#text,
      element("p", { class: "note" }, "A sentence in each line; a question ends with a question mark."),
      element(
        "details",
        {},
        element("summary", {}, `The ${words.length} words that it knows`),
        element("p", {}, known),
      ),
    );
  }

  question(): Question {
    return { kind: "story", asked: { lines: this.#text.value.split("\n"), words: this.#words } };
  }

  outside(): readonly string[] {
    return [];
  }
}
