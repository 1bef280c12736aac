import type { PretrainedName } from "@dnc/pretrained";
import { openPretrained } from "../app/open-menu.js";
import type { Workbench } from "../app/workbench.js";
import { element } from "../dom.js";
import type { WatchView } from "../watch/watch-view.js";
import { Tour } from "./tour.js";

/** The network of the tour, and the seed of its sequence: four columns, three times. */
const NETWORK: PretrainedName = "repeat-copy-small";
const SEED = 3;

/** Name under which the browser remembers that somebody has seen the tour. */
const SEEN = "dnc-inspector-tour";

/** The tour: the button that begins it, and the welcome at a first visit. */
export interface StartedTour {
  readonly button: HTMLButtonElement;
  /**
   * Begins the tour if this is a first visit.
   *
   * @returns whether it begins: it opens a network itself.
   */
  welcome(): boolean;
}

/**
 * Puts the tour above the view that watches.
 *
 * @param onBegin - called when it begins: that view is to be shown.
 */
export function startTour(workbench: Workbench, watch: WatchView, onBegin: () => void): StartedTour {
  const tour = new Tour(watch, (hadFocus) => {
    remember();
    if (hadFocus) button.focus({ preventScroll: true });
  });
  watch.element.prepend(tour.element);
  let isOwn = false;
  const begin = async () => {
    isOwn = true;
    onBegin();
    if (workbench.network?.name !== NETWORK) await openPretrained(workbench, NETWORK);
    await workbench.busy("Preparing the tour …", async () =>
      workbench.watch(await workbench.bench.draw({ seed: SEED })),
    );
    isOwn = false;
    if (workbench.sequence) tour.begin(workbench.sequence);
  };
  // What is said is about the sequence of the tour, and ends with it.
  workbench.on("sequence", () => {
    if (!isOwn) tour.end();
  });
  const button = element("button", { type: "button", class: "tour-button", onclick: begin }, "Tour");
  return {
    button,
    welcome() {
      if (isRemembered()) return false;
      begin();
      return true;
    },
  };
}

function remember(): void {
  try {
    localStorage.setItem(SEEN, "1");
  } catch {
    // Without storage the tour is offered again.
  }
}

function isRemembered(): boolean {
  try {
    return localStorage.getItem(SEEN) !== null;
  } catch {
    return false;
  }
}
