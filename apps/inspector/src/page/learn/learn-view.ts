import type { View } from "../app/view.js";
import type { Workbench } from "../app/workbench.js";
import { element } from "../dom.js";
import { filesBesidePage, sourceFromUrl } from "../open/from-url.js";
import { FollowPanel } from "./follow-panel.js";
import type { Learning } from "./learning.js";
import { LearningDisplay } from "./learning-display.js";
import { RunFollower } from "./run-follower.js";

/** What is shown: a run that is followed, or a training in the page. */
type Subject = "follow" | "train";

/** Goes to the tab of a view. */
type GoTo = (tab: "watch" | "learn") => void;

/** Shows a network while it learns: a run of `dnc train` that is followed, or a training in the page. */
export class LearnView implements View {
  readonly element: HTMLElement;
  readonly #workbench: Workbench;
  readonly #goTo: GoTo;
  readonly #display = new LearningDisplay();
  readonly #side = element("div", { class: "learn-side" });
  readonly #shown = new Map<Subject, Learning>();
  #subject: Subject | undefined;

  constructor(workbench: Workbench, goTo: GoTo) {
    this.#workbench = workbench;
    this.#goTo = goTo;
    const body = element("div", { class: "learn-body" }, this.#side, this.#display.element);
    this.element = element("div", { class: "learn" }, element("h1", {}, "Watch it learn"), body);
    this.#offerTraining();
  }

  /** Opens a run's newest checkpoint, and follows the run from then on. */
  async follow(path: string): Promise<void> {
    const open = () => this.#workbench.open(path, () => sourceFromUrl("run", path));
    try {
      const fetch = filesBesidePage("run", path);
      // A folder that is not there is no run to wait for.
      if ((await fetch("config.json")).status !== 200 && !(await open())) return;
      const name = path.replace(/\/$/, "");
      const panel = new FollowPanel(name, open);
      const follower = new RunFollower({
        ...{ name, fetch },
        onChange: (run) => {
          panel.show(run);
          this.#update("follow", run);
        },
        onCheckpoint: () => {
          if (panel.isFollowing) open();
        },
      });
      this.#side.prepend(panel.element);
      this.#select(panel.element, "follow");
      await follower.look();
      // There is nothing to watch yet.
      if (follower.run.checkpoint === undefined) this.#goTo("learn");
      const listen = () => (document.visibilityState === "visible" ? follower.start() : follower.stop());
      document.addEventListener("visibilitychange", listen);
      listen();
    } catch (error) {
      this.#workbench.report(error);
    }
  }

  /** The presets are loaded after the page is shown. */
  async #offerTraining(): Promise<void> {
    const [{ PRESETS }, { TrainPanel }] = await Promise.all([import("./presets.js"), import("./train-panel.js")]);
    const train = new TrainPanel({
      workbench: this.#workbench,
      presets: PRESETS,
      onWatch: () => this.#goTo("watch"),
      onStart: () => {
        this.#subject = "train";
      },
      onChange: (training) => this.#update("train", training),
    });
    this.#side.append(train.element);
    this.#select(train.element, "train");
  }

  /** The curves are those of the panel that was used last. */
  #select(panel: HTMLElement, subject: Subject): void {
    const select = () => {
      const learning = this.#shown.get(subject);
      if (!learning || subject === this.#subject) return;
      this.#subject = subject;
      this.#display.show(learning);
    };
    panel.addEventListener("focusin", select);
    panel.addEventListener("click", select);
  }

  #update(subject: Subject, learning: Learning): void {
    this.#shown.set(subject, learning);
    this.#subject ??= subject;
    if (subject === this.#subject) this.#display.show(learning);
  }
}
