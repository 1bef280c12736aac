import type { View } from "../app/view.js";
import type { Workbench } from "../app/workbench.js";
import { element } from "../dom.js";
import { filesBesidePage, sourceFromUrl } from "../open/from-url.js";
import { FollowPanel } from "./follow-panel.js";
import { LearningDisplay } from "./learning-display.js";
import { RunFollower } from "./run-follower.js";

/** Shows a network while it learns: a run of `dnc train` that is followed. */
export class LearnView implements View {
  readonly element: HTMLElement;
  readonly #workbench: Workbench;
  readonly #display = new LearningDisplay();
  readonly #side = element("div", { class: "learn-side" });

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
    const body = element("div", { class: "learn-body" }, this.#side, this.#display.element);
    this.element = element("div", { class: "learn" }, element("h1", {}, "Watch it learn"), body);
  }

  /** Opens a run's newest checkpoint, and follows the run from then on. */
  async follow(path: string): Promise<void> {
    const open = () => this.#workbench.open(path, () => sourceFromUrl("run", path));
    try {
      const fetch = filesBesidePage("run", path);
      // A folder that is not there is no run to wait for.
      if ((await fetch("config.json")).status !== 200 && !(await open())) return;
      const panel = new FollowPanel(path, open);
      const follower = new RunFollower({
        fetch,
        onChange: (run) => {
          panel.show(run);
          this.#display.show(run);
        },
        onCheckpoint: () => {
          if (panel.isFollowing) open();
        },
      });
      this.#side.prepend(panel.element);
      const listen = () => (document.visibilityState === "visible" ? follower.start() : follower.stop());
      document.addEventListener("visibilitychange", listen);
      listen();
    } catch (error) {
      this.#workbench.report(error);
    }
  }
}
