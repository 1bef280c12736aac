import type { View } from "../app/view.js";
import type { OpenedNetwork, Workbench } from "../app/workbench.js";
import { element } from "../dom.js";
import type { Question } from "../worker/question.js";
import { AnswerPanel } from "./answer-panel.js";
import { createEditor } from "./create-editor.js";
import type { Editor } from "./editor.js";
import { Latest } from "./latest.js";
import { type ChosenLesions, LesionPanel } from "./lesion-panel.js";
import { numberField } from "./number-field.js";
import { outsideOf, trainedRanges } from "./trained.js";

/** Most slots of a memory that can be chosen, as in the worker. */
const MAX_SLOTS = 1024;

/** Everything that the network is asked at once. */
interface Asked {
  readonly question: Question;
  readonly memorySize: number | undefined;
  readonly chosen: ChosenLesions;
  readonly outside: readonly string[];
}

/** Asks the network that is open: a question that is made on the page, in any size, with parts of the memory taken away. */
export class AskView implements View {
  readonly element: HTMLElement;
  readonly #workbench: Workbench;
  readonly #watch: () => void;
  readonly #side = element("div", { class: "ask-side" });
  readonly #answer: AnswerPanel;
  readonly #latest = new Latest<Asked>((asked, isLatest) => this.#work(asked, isLatest));
  readonly #question = element("div", {});
  #opened: OpenedNetwork | undefined;
  #editor: Editor | undefined;
  #lesions: LesionPanel | undefined;
  #memorySize: number | undefined;
  #seed = 1;
  #sizes: Readonly<Record<string, number>> = {};

  /** @param watch - selects the tab on which a sequence is watched. */
  constructor(workbench: Workbench, watch: () => void) {
    this.#workbench = workbench;
    this.#watch = watch;
    this.#answer = new AnswerPanel(() => this.#watchThis());
    const body = element("div", { class: "ask-body" }, this.#side, this.#answer.element);
    this.element = element("div", { class: "ask" }, element("h1", {}, "Ask it something"), body);
    workbench.on("network", () => {
      if (this.element.isConnected) this.select();
    });
  }

  /** Begins anew if another network is open than before. */
  select(): void {
    const { network } = this.#workbench;
    if (network && network === this.#opened) return;
    this.#opened = network;
    this.#editor = undefined;
    this.#seed = 1;
    this.#sizes = {};
    this.#memorySize = undefined;
    if (network) void this.#begin(network);
    else {
      this.#side.replaceChildren();
      this.#answer.say("Open a network to ask it something: a trace holds only what it was asked already.");
    }
  }

  async #begin(network: OpenedNetwork): Promise<void> {
    this.#answer.say("Asking …");
    const { facts } = network;
    this.#lesions = facts.memorySize > 0 ? new LesionPanel(facts, { slot: 0, step: 1 }, () => this.#ask()) : undefined;
    this.#side.replaceChildren(
      element("section", { class: "panel", "aria-label": "The question" }, this.#question),
      ...(this.#lesions ? [this.#lesions.element] : []),
    );
    await this.#draw();
  }

  /** Draws a sequence of the task, which is the question to begin with. */
  async #draw(): Promise<void> {
    const network = this.#opened;
    if (!network) return;
    const seed = this.#seed;
    try {
      const question = await this.#workbench.bench.question({ kind: "drawn", seed, sizes: this.#sizes });
      if (network !== this.#opened || seed !== this.#seed) return;
      this.#show(question, network);
      await this.#ask();
    } catch (error) {
      this.#answer.say((error as Error).message);
    }
  }

  #show(question: Question, { facts }: OpenedNetwork): void {
    const ranges = trainedRanges(facts.settings);
    this.#editor = createEditor(question, { facts, ranges, onChange: () => this.#ask() });
    const memory = numberField({
      ...{ label: "Memory slots", value: this.#memorySize ?? facts.memorySize, min: 1, max: MAX_SLOTS },
      hint: `trained with ${facts.memorySize}`,
      onChange: (value) => {
        this.#memorySize = value === facts.memorySize ? undefined : value;
        this.#ask();
      },
    });
    const hasSizes = question.kind === "drawn" || question.kind === "traversal";
    const sizes = [...(hasSizes ? ranges : [])].map(([name, { min, max }]) =>
      numberField({
        ...{
          label: sentenceCase(name.replaceAll("_", " ")),
          value: this.#sizes[name] ?? max,
          min: 1,
          max: 4 * max + 4,
        },
        hint: min === max ? `trained with ${max}` : `trained with ${min} to ${max}`,
        onChange: (value) => {
          this.#sizes = { ...this.#sizes, [name]: value };
          this.#draw();
        },
      }),
    );
    const another = element(
      "button",
      {
        type: "button",
        onclick: () => {
          this.#seed++;
          this.#draw();
        },
      },
      "Draw another one",
    );
    const wasFocused = this.#question.contains(document.activeElement) && document.activeElement?.tagName === "BUTTON";
    const fields = [...sizes, ...(facts.memorySize > 0 ? [memory] : [])];
    this.#question.replaceChildren(
      element("div", { class: "ask-head" }, element("h2", {}, "The question"), another),
      this.#editor.element,
      element("div", { class: "fields" }, ...fields),
    );
    if (wasFocused) another.focus();
  }

  /** Asks what is on the page now. */
  async #ask(): Promise<void> {
    const asked = this.#asked();
    if (typeof asked === "string") this.#answer.say(asked);
    else if (asked) await this.#latest.ask(asked);
  }

  #asked(): Asked | string | undefined {
    const [editor, network] = [this.#editor, this.#opened];
    const question = editor?.question();
    if (typeof question === "string") return question;
    if (!editor || !network || !question) return undefined;
    const { memorySize: slots, settings } = network.facts;
    const drawn = question.kind === "drawn" ? Object.entries(this.#sizes) : [];
    const ranges = trainedRanges(settings);
    const outside = [
      ...editor.outside(),
      ...drawn.map(([name, value]) => outsideOf(name.replaceAll("_", " "), value, ranges.get(name))),
      outsideOf("memory slots", this.#memorySize ?? slots, { min: slots, max: slots }),
    ].filter((text) => text !== undefined);
    const chosen = this.#lesions?.chosen ?? { lesions: {}, parts: [] };
    return { question, memorySize: this.#memorySize, chosen, outside };
  }

  async #work({ question, memorySize, chosen, outside }: Asked, isLatest: () => boolean): Promise<void> {
    const { bench } = this.#workbench;
    const network = this.#opened;
    try {
      const intact = await bench.ask(question, { memorySize });
      const { lesions, erased, parts } = chosen;
      const lesioned = parts.length > 0 ? await bench.ask(question, { memorySize, lesions, erased }) : undefined;
      if (isLatest() && network === this.#opened) this.#answer.show({ intact, lesioned, parts, outside });
    } catch (error) {
      if (isLatest() && network === this.#opened) this.#answer.say((error as Error).message);
    }
  }

  /** Traces the memory for what is asked now, and goes where it is watched. */
  #watchThis(): void {
    const asked = this.#asked();
    if (typeof asked !== "object") return;
    const { question, memorySize, chosen } = asked;
    this.#workbench.busy("Tracing the memory …", async () => {
      const { lesions, erased, parts } = chosen;
      const view = await this.#workbench.bench.ask(question, { memorySize, lesions, erased, traced: true });
      const title = parts.length === 0 ? view.title : `${view.title}, without ${parts.join(", ")}`;
      this.#workbench.watch({ ...view, title });
      this.#watch();
    });
  }
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
