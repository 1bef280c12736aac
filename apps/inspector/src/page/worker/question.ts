import type {
  CopyQuestion,
  KeyValueQuestion,
  RecallQuestion,
  RepeatCopyQuestion,
  TraversalQuestion,
  TwoWayKeyValueQuestion,
} from "@dnc/tasks";
import type { ErasedSlot, Lesions } from "../network/lesion.js";
import type { Sizes } from "./task.js";

/** A story with questions. */
export interface AskedStory {
  /** Statements and questions, each in a line. */
  readonly lines: readonly string[];
  /** The words that the network knows, for those who write the lines. */
  readonly words: readonly string[];
}

/** Questions that are made on the page, by what they are about. */
export interface AskedQuestions {
  readonly copy: CopyQuestion;
  readonly repeatCopy: RepeatCopyQuestion;
  readonly recall: RecallQuestion;
  readonly keyValue: KeyValueQuestion;
  readonly twoWayKeyValue: TwoWayKeyValueQuestion;
  readonly traversal: TraversalQuestion;
  readonly story: AskedStory;
}

/** A sequence that the task draws. */
export interface DrawnQuestion {
  readonly kind: "drawn";
  /** The same seed draws the same sequence. */
  readonly seed: number;
  /** Sizes in place of those of the training. */
  readonly sizes: Sizes;
}

/** A question as plain data. */
export type Question =
  | DrawnQuestion
  | {
      readonly [Kind in keyof AskedQuestions]: { readonly kind: Kind; readonly asked: AskedQuestions[Kind] };
    }[keyof AskedQuestions];

/** Most slots of a memory that is asked: its links are a matrix, of which a trace holds one for each time step. */
export const MAX_SLOTS = 1024;

/** How a network is asked. */
export interface AskOptions {
  /** Slots of the memory; default: as in training. */
  readonly memorySize?: number | undefined;
  readonly lesions?: Lesions | undefined;
  readonly erased?: ErasedSlot | undefined;
  /** Whether the memory is traced, to be watched; default: false. */
  readonly traced?: boolean | undefined;
}
