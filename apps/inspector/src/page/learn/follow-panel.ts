import { element } from "../dom.js";
import { panel } from "../drawing/panel.js";
import type { FollowedRun } from "./run-follower.js";

/** What is said of a run that is followed, and whether its new checkpoints open by themselves. */
export class FollowPanel {
  readonly element: HTMLElement;
  readonly #status = element("p", { class: "follow-status", role: "status" });
  readonly #isFollowing = element("input", { type: "checkbox", checked: true });

  /**
   * @param name - of the run.
   * @param onOpen - opens the newest checkpoint.
   */
  constructor(name: string, onOpen: () => void) {
    this.element = panel(
      {
        title: `The run ${name}`,
        note: "It is looked at every second while this page is visible.",
        name: "follow",
      },
      this.#status,
      element("label", {}, this.#isFollowing, " open each new checkpoint"),
      element(
        "div",
        { class: "learn-buttons" },
        element("button", { type: "button", onclick: onOpen }, "Watch the newest checkpoint"),
      ),
    );
  }

  get isFollowing(): boolean {
    return this.#isFollowing.checked;
  }

  show({ isReachable, checkpoint, reports, iterations }: FollowedRun): void {
    const text = isReachable
      ? `${runState(reports.at(-1)?.step, iterations)} ${checkpointState(checkpoint)}`
      : "Not reachable, trying again.";
    if (this.#status.textContent !== text) this.#status.textContent = text;
    this.element.classList.toggle("unreachable", !isReachable);
  }
}

function runState(step: number | undefined, iterations: number | undefined): string {
  if (step === undefined) return "It has not reported yet.";
  return iterations !== undefined && step >= iterations ? "All of its iterations are done." : "";
}

function checkpointState(checkpoint: string | undefined): string {
  if (checkpoint === undefined) return "It has no checkpoint yet.";
  return `The newest checkpoint is of iteration ${Number(checkpoint.slice("step-".length))}.`;
}
