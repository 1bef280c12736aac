import type { View } from "../app/view.js";
import type { OpenedNetwork, Workbench } from "../app/workbench.js";
import { element } from "../dom.js";
import type { PageEngine } from "../training/use-engine.js";
import { MAX_SLOTS, type Question } from "../worker/question.js";
import { AnswerPanel } from "./answer-panel.js";
import { createEditor } from "./create-editor.js";
import type { Editor } from "./editor.js";
import { Latest } from "./latest.js";
import { type ChosenLesions, LesionPanel } from "./lesion-panel.js";
import { numberField } from "./number-field.js";
import { outsideOf, type TrainedRange, trainedRanges, trainedWith } from "./trained.js";

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
  readonly #latest = new Latest<Asked | string>((asked, isLatest) => this.#work(asked, isLatest));
  readonly #place = element("div", {});
  readonly #fields = element("div", { class: "fields" });
  #opened: OpenedNetwork | undefined;
  #editor: Editor | undefined;
  #lesions: LesionPanel | undefined;
  #memorySize: number | undefined;
  #turn = 0;
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
    const another = element("button", { type: "button", onclick: () => this.#drawAnother() }, "Draw another one");
    this.#fields.replaceChildren();
    this.#place.replaceChildren();
    this.#side.replaceChildren(
      element(
        ...(["section", { class: "panel", "aria-label": "The question" }] as const),
        element("div", { class: "ask-head" }, element("h2", {}, "The question"), another),
        this.#place,
        this.#fields,
      ),
      ...(this.#lesions ? [this.#lesions.element] : []),
    );
    await this.#draw();
  }

  #drawAnother(): void {
    this.#seed++;
    this.#draw();
  }

  /** Draws a sequence of the task, which is the question to begin with. */
  async #draw(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const question = await this.#workbench.bench.question({ kind: "drawn", seed: this.#seed, sizes: this.#sizes });
      if (turn !== this.#turn || !this.#opened) return;
      this.#show(question, this.#opened);
      await this.#ask();
    } catch (error) {
      if (turn === this.#turn) await this.#latest.ask((error as Error).message);
    }
  }

  #show(question: Question, { facts }: OpenedNetwork): void {
    const ranges = trainedRanges(facts.settings);
    this.#editor = createEditor(question, { facts, ranges, onChange: () => this.#ask() });
    this.#place.replaceChildren(this.#editor.element);
    // The fields stay, since one of them may be in use.
    if (this.#fields.childElementCount > 0) return;
    const hasSizes = question.kind === "drawn" || question.kind === "traversal";
    this.#fields.append(...(hasSizes ? this.#sizeFields(ranges) : []));
    if (facts.memorySize > 0) this.#fields.append(this.#memoryField(facts.memorySize));
    // Whether there is a device shows when it starts: to ask for one is a warning in the console where there is none.
    if ("gpu" in navigator) this.#fields.append(this.#engineField());
  }

  #sizeFields(ranges: ReadonlyMap<string, TrainedRange>): readonly HTMLElement[] {
    return [...ranges].map(([name, range]) =>
      numberField({
        ...{ label: sentenceCase(name.replaceAll("_", " ")), min: 1, max: 4 * range.max + 4, hint: trainedWith(range) },
        onChange: (value) => {
          this.#sizes = { ...this.#sizes, [name]: value };
          this.#draw();
        },
      }),
    );
  }

  #memoryField(trained: number): HTMLElement {
    return numberField({
      ...{ label: "Memory slots", value: trained, min: 1, max: MAX_SLOTS, hint: `trained with ${trained}` },
      onChange: (value) => {
        this.#memorySize = value === trained ? undefined : value;
        this.#ask();
      },
    });
  }

  #engineField(): HTMLElement {
    const { engine } = this.#workbench;
    const options = Object.entries({ wasm: "WebAssembly", webgpu: "WebGPU" }).map(([value, title]) =>
      element("option", { value, selected: value === engine }, title),
    );
    const select = element("select", {}, ...options);
    select.addEventListener("change", async () => {
      await this.#workbench.useEngine(select.value as PageEngine);
      select.value = this.#workbench.engine;
      await this.#ask();
    });
    return element("label", { class: "field" }, "Engine", select);
  }

  /** Asks what is on the page now. */
  async #ask(): Promise<void> {
    const asked = this.#asked();
    if (asked !== undefined) await this.#latest.ask(asked);
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

  async #work(asked: Asked | string, isLatest: () => boolean): Promise<void> {
    if (typeof asked === "string") return this.#answer.say(asked);
    const { question, memorySize, chosen, outside } = asked;
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
