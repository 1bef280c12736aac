import type { Workbench } from "../app/workbench.js";
import { element } from "../dom.js";
import { panel } from "../drawing/panel.js";
import type { TrainingRequest } from "../training/training-events.js";
import type { NetworkFiles } from "../worker/facts.js";
import { OpenInTurn } from "./open-in-turn.js";
import type { OfferedPreset } from "./presets.js";
import { labelled, TrainForm } from "./train-form.js";
import { type PageTraining, TrainingSession } from "./training-session.js";

/** What the panel needs of the page. */
export interface TrainPanelOptions {
  readonly workbench: Workbench;
  readonly presets: readonly OfferedPreset[];
  /** Called when a training begins. */
  readonly onStart: () => void;
  /** Shows how far the training is. */
  readonly onChange: (training: PageTraining) => void;
  /** Goes to the view that watches. */
  readonly onWatch: () => void;
}

/** Trains a preset in the page: what is to be trained, and what can be done while it does. */
export class TrainPanel {
  readonly element: HTMLElement;
  readonly #options: TrainPanelOptions;
  readonly #form: TrainForm;
  readonly #status = element("p", { class: "train-status", role: "status" });
  readonly #pause = element("button", { type: "button", class: "primary", onclick: () => this.#togglePause() });
  readonly #stop = element("button", { type: "button", onclick: () => this.#leave() }, "Stop");
  readonly #save = element("button", { type: "button", onclick: () => this.#saveRun() }, "Save as a run");
  readonly #follow = element("input", { type: "checkbox", onchange: () => this.#toggleFollow() });
  readonly #rate = element("input", {
    id: "learn-new-rate",
    type: "number",
    step: "any",
    min: 0,
    inputmode: "decimal",
  });
  readonly #controls: HTMLElement;
  readonly #networks: OpenInTurn;
  #session: TrainingSession | undefined;

  constructor(options: TrainPanelOptions) {
    this.#options = options;
    const { workbench, presets } = options;
    this.#networks = new OpenInTurn(workbench);
    this.#form = new TrainForm(presets, (request) => this.#start(request));
    const change = element("button", { type: "submit" }, "Change");
    this.#controls = element(
      ...(["div", { class: "train-controls", hidden: true }] as const),
      this.#status,
      element("div", { class: "learn-buttons" }, this.#pause, this.#stop),
      element(
        "form",
        {
          class: "rate-form",
          novalidate: true,
          onsubmit: (event: Event) => {
            event.preventDefault();
            this.#changeRate();
          },
        },
        labelled("Learning rate from now on", this.#rate),
        change,
      ),
      element(
        "div",
        { class: "learn-buttons" },
        element("button", { type: "button", onclick: () => this.#watch() }, "Watch this network"),
        this.#save,
      ),
      element("label", { class: "follow-label" }, this.#follow, " open the network at each report"),
    );
    const note = "A preset of dnc train, in this page: nothing is sent anywhere.";
    this.element = panel({ title: "Train here", note, name: "train" }, this.#form.element, this.#controls);
    addEventListener("beforeunload", (event) => {
      if (this.#session?.training.state === "running") event.preventDefault();
    });
  }

  async #start(read: () => TrainingRequest): Promise<void> {
    await this.#options.workbench.busy("Starting to train …", async () => {
      const request = read();
      const session = new TrainingSession(request, {
        onChange: (training) => {
          if (session === this.#session) this.#show(training);
        },
        onNetwork: (files, step) => {
          if (session === this.#session) this.#networks.open(this.#nameAt(step), files);
        },
      });
      try {
        await session.start();
      } catch (error) {
        session.end();
        throw error;
      }
      this.#session = session;
      this.#options.onStart();
      this.#follow.checked = false;
      this.#form.element.hidden = true;
      this.#controls.hidden = false;
      this.#show(session.training);
      this.#pause.focus();
    });
  }

  /** Ends the training, and shows the form again. What was trained stays in the curves. */
  #leave(): void {
    const { state } = this.#session?.training ?? {};
    if (state === "running" && !confirm("End this training? What was not saved is lost.")) return;
    this.#session?.end();
    this.#session = undefined;
    this.#form.element.hidden = false;
    this.#form.drawSeed();
    this.#controls.hidden = true;
    this.#form.element.querySelector("select")?.focus();
  }

  #show(training: PageTraining): void {
    const { state, error, notice, learningRate, reports, progress } = training;
    const step = (progress ?? reports.at(-1))?.step ?? 0;
    const text = {
      running: "It trains.",
      paused: `Paused after iteration ${step}.`,
      done: "All iterations are done.",
      failed: `It has ended: ${error}.`,
    }[state];
    const status = [`${this.#name}: ${text}`, ...(notice === undefined ? [] : [notice])].join(" ");
    if (this.#status.textContent !== status) this.#status.textContent = status;
    this.#pause.textContent = state === "running" ? "Pause" : "Resume";
    this.#stop.textContent = state === "running" || state === "paused" ? "Stop" : "New training";
    this.#pause.disabled = state === "done" || state === "failed";
    this.#rate.placeholder = learningRate === undefined ? "" : String(Number(learningRate.toPrecision(4)));
    this.#options.onChange(training);
  }

  get #name(): string {
    return (this.#session as TrainingSession).training.name;
  }

  #nameAt(step: number): string {
    return `${this.#name}, iteration ${step}`;
  }

  #togglePause(): void {
    const session = this.#session;
    this.#attempt(async () => {
      if (session?.training.state === "running") await session.pause();
      else await session?.resume();
    });
  }

  #changeRate(): void {
    const session = this.#session;
    this.#attempt(async () => {
      const rate = this.#rate.valueAsNumber;
      if (Number.isNaN(rate)) throw new Error("learning rate: expected a number above 0, got none");
      await session?.changeLearningRate(rate);
      this.#rate.value = "";
    });
  }

  #toggleFollow(): void {
    this.#attempt(async () => this.#session?.wantNetwork(this.#follow.checked));
  }

  #watch(): void {
    const session = this.#session as TrainingSession;
    this.#attempt(async () => {
      const files: NetworkFiles = await session.network();
      const name = this.#name;
      if (await this.#options.workbench.open(name, async () => ({ kind: "network", name, files })))
        this.#options.onWatch();
    });
  }

  #saveRun(): void {
    const session = this.#session as TrainingSession;
    this.#save.disabled = true;
    this.#attempt(async () => {
      const name = this.#name;
      const bytes = await session.zip(name);
      const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "application/zip" }));
      element("a", { href: url, download: `${name}.zip` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    }).finally(() => {
      this.#save.disabled = false;
    });
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.workbench.report(error);
    }
  }
}
