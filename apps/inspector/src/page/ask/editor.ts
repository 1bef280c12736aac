import type { NetworkFacts } from "../worker/facts.js";
import type { Question } from "../worker/question.js";
import type { TrainedRange } from "./trained.js";

/** What an editor is made with. */
export interface EditorContext {
  readonly facts: NetworkFacts;
  /** Sizes of the training by name. */
  readonly ranges: ReadonlyMap<string, TrainedRange>;
  /** Called when the question has changed. */
  readonly onChange: () => void;
}

/** A part of the page on which a question is made. */
export interface Editor {
  readonly element: HTMLElement;
  /** The question; a text: why there is none yet. */
  question(): Question | string;
  /** What about the question is outside of the training, in a few words each. */
  outside(): readonly string[];
}
