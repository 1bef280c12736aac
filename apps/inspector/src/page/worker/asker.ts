import type { CompleteTask } from "@dnc/settings";
import { type Batch, isEpisodeTask, type QuestionTask } from "@dnc/tasks";
import type { SequenceView } from "../trace/sequence-view.js";
import type { NetworkFiles } from "./facts.js";
import { NetworkVariants } from "./network-variants.js";
import { type AskedQuestions, type AskOptions, type DrawnQuestion, MAX_SLOTS, type Question } from "./question.js";
import { askStory, drawStory, isStoryTask } from "./story.js";
import { createTask } from "./task.js";
import { randomOf, traceView, viewOf } from "./trace-view.js";

/** What the questions of a task are about; other tasks have drawn sequences. */
const KINDS: Readonly<Record<string, keyof AskedQuestions>> = {
  copy: "copy",
  "repeat-copy": "repeatCopy",
  "ntm-repeat-copy": "repeatCopy",
  "associative-recall": "recall",
  "key-value": "keyValue",
  "two-way-key-value": "twoWayKeyValue",
  "graph-traversal": "traversal",
};

/** Asks a network questions of its task. */
export class Asker {
  readonly #settings: Readonly<Record<string, unknown>>;
  readonly #task: CompleteTask;
  readonly #variants: NetworkVariants;

  constructor(files: NetworkFiles, settings: Readonly<Record<string, unknown>>, task: CompleteTask) {
    this.#settings = settings;
    this.#task = task;
    this.#variants = new NetworkVariants(files);
  }

  /** Draws a sequence and returns it as a question that can be changed; itself, if the task has none. */
  async draw(drawn: DrawnQuestion): Promise<Question> {
    const task = await this.#taskOf(drawn);
    if (isStoryTask(task)) return { kind: "story", asked: drawStory(task, drawn.seed) };
    const kind = KINDS[task.name];
    if (kind === undefined || !isQuestionTask(task)) return drawn;
    const batch = task.sampleBatch(randomOf(drawn.seed), { batchSize: 1 });
    return { kind, asked: task.decode(batch) } as Question;
  }

  /** Answers a question. */
  async ask(question: Question, { memorySize, lesions, erased, traced = false }: AskOptions): Promise<SequenceView> {
    if (memorySize !== undefined && !(Number.isInteger(memorySize) && memorySize >= 1 && memorySize <= MAX_SLOTS))
      throw new RangeError(`Memory slots: expected an integer from 1 to ${MAX_SLOTS}, got ${memorySize}.`);
    const network = await this.#variants.find({ memorySize, lesions });
    const run = { erased, traced };
    if (question.kind === "story") return askStory(network, this.#task, question.asked.lines, run);
    if (question.kind === "drawn") {
      const task = await this.#taskOf(question);
      if (isEpisodeTask(task) && erased)
        throw new Error("A slot cannot be erased in a sequence that depends on answers.");
      return traceView(network, task, question.seed, run);
    }
    if (!isQuestionTask(this.#task)) throw new Error(`Task ${this.#task.name} takes no questions of this kind.`);
    const batch: Batch = this.#task.encode(question.asked);
    return viewOf(network, batch, this.#task, this.#task, run);
  }

  dispose(): void {
    this.#variants.dispose();
  }

  async #taskOf({ sizes }: DrawnQuestion): Promise<CompleteTask> {
    if (Object.keys(sizes).length === 0) return this.#task;
    const found = await createTask(this.#settings, sizes);
    if ("problem" in found) throw new Error(found.problem);
    return found.task;
  }
}

function isQuestionTask(task: CompleteTask): task is CompleteTask & QuestionTask<unknown> {
  return "encode" in task && "decode" in task;
}
