import { element } from "../dom.js";
import { panel } from "../drawing/panel.js";
import { formatNumber } from "../trace/describe-step.js";
import { type SlotEvent, slotHistory } from "../trace/slot-history.js";
import type { Part, Watched } from "./watched.js";

/** The history of the slot that is followed: who wrote it, when it was read and how, when it was freed. */
export function slotPanel(watched: Watched): Part {
  const { playback, trace } = watched;
  const heading = element("p", { class: "note" });
  const list = element("ol", { class: "events" });
  const close = element("button", { type: "button", onclick: () => watched.follow(undefined) }, "Stop following");
  const whole = panel({ title: "A slot through time", name: "slot" }, heading, list, close);
  let shown: readonly SlotEvent[] = [];
  return {
    element: whole,
    showSlot(slot) {
      close.hidden = slot === undefined;
      shown = slot === undefined ? [] : slotHistory(trace, slot);
      heading.textContent = headingOf(slot, shown);
      const items = shown.map((event) => {
        const onclick = () => playback.seek(event.step);
        const text = `step ${event.step}`;
        return element(
          "li",
          {},
          element("button", { type: "button", onclick }, text),
          ` ${sentenceOf(event, watched)}`,
        );
      });
      list.replaceChildren(...items);
      this.showStep?.(playback.step);
    },
    showStep(step) {
      shown.forEach((event, index) => {
        list.children[index]?.classList.toggle("current", event.step === step);
      });
    },
  };
}

function headingOf(slot: number | undefined, events: readonly SlotEvent[]): string {
  if (slot === undefined)
    return "Click a slot in the memory or in a weighting to see who wrote it, and when it was read and freed.";
  return events.length === 0 ? `Slot ${slot} was neither written nor read.` : `Slot ${slot}:`;
}

function sentenceOf({ kind, head = 0, amount, by }: SlotEvent, { trace }: Watched): string {
  const number = formatNumber(amount);
  if (kind === "freed") return `freed: its usage falls by ${number}`;
  const [heads, name] = kind === "written" ? [trace.writeHeads, "write head"] : [trace.readHeads, "read head"];
  const who = heads === 1 ? `the ${name}` : `${name} ${head + 1}`;
  return kind === "written"
    ? `written by ${who} with weight ${number}, found by ${by}`
    : `read by ${who} with weight ${number}, mode ${by}`;
}
