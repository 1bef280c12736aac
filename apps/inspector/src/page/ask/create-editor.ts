import type { Question } from "../worker/question.js";
import { DrawnEditor } from "./drawn-editor.js";
import type { Editor, EditorContext } from "./editor.js";
import { PairsEditor } from "./pairs-editor.js";
import { PathEditor } from "./path-editor.js";
import { PatternEditor } from "./pattern-editor.js";
import { RecallEditor } from "./recall-editor.js";
import { StoryEditor } from "./story-editor.js";

/** Creates the editor of a question, which begins with it. */
export function createEditor(question: Question, context: EditorContext): Editor {
  const { inputSize, outputSize } = context.facts;
  switch (question.kind) {
    case "copy":
    case "repeatCopy":
      return new PatternEditor(question, context);
    case "recall":
      return new RecallEditor(question.asked, context);
    case "keyValue":
      return new PairsEditor(question, { keyBits: inputSize - outputSize - 1, valueBits: outputSize }, context);
    case "twoWayKeyValue":
      return new PairsEditor(question, { keyBits: outputSize, valueBits: outputSize }, context);
    case "traversal":
      return new PathEditor(question.asked, context);
    case "story":
      return new StoryEditor(question.asked, context);
    case "drawn":
      return new DrawnEditor(question);
  }
}
