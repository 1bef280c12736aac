import { element } from "../dom.js";
import { panel } from "../drawing/panel.js";
import { formatNumber } from "../trace/describe-step.js";
import { QUANTITIES } from "../trace/quantities.js";
import { readModeNames } from "../trace/slot-history.js";
import type { Part, Watched } from "./watched.js";

/** A bar: a number of a head. */
interface Bar {
  readonly quantity: string;
  readonly label: string;
  readonly value: (step: number) => number;
  /** The number at which the bar is full; absent: 1. */
  readonly full?: number | undefined;
}

/** What the controller tells the heads at a step: gates, strengths, modes, masks and sharpness as bars. */
export function headsPanel(watched: Watched): Part {
  const { trace } = watched;
  const groups = [
    ...Array.from({ length: trace.writeHeads }, (_, head) => ({
      title: trace.writeHeads === 1 ? "Write head" : `Write head ${head + 1}`,
      bars: writeBars(watched, head),
    })),
    ...Array.from({ length: trace.readHeads }, (_, head) => ({
      title: trace.readHeads === 1 ? "Read head" : `Read head ${head + 1}`,
      bars: readBars(watched, head),
    })),
  ].map(({ title, bars }) => ({ title, bars: bars.map((bar) => ({ bar, ...barElement(title, bar, watched) })) }));
  const list = (bars: readonly { readonly row: HTMLElement }[]) => element("dl", {}, ...bars.map(({ row }) => row));
  const content = groups.map(({ title, bars }) => {
    const isMask = ({ bar }: { readonly bar: Bar }) => bar.quantity.endsWith("Masks");
    const masks = bars.filter(isMask);
    const folded = element("details", {}, element("summary", {}, "Mask"), list(masks));
    const others = list(bars.filter((bar) => !isMask(bar)));
    return element("div", { class: "head" }, element("h3", {}, title), others, ...(masks.length > 0 ? [folded] : []));
  });
  const note = "What the controller tells each head. Point at a bar for its equation.";
  return {
    element: panel({ title: "Heads", note, name: "heads" }, element("div", { class: "head-list" }, ...content)),
    showStep(step) {
      for (const { bars } of groups) for (const { show } of bars) show(step);
    },
  };
}

function barElement(head: string, { quantity, label, value, full = 1 }: Bar, { readout, playback }: Watched) {
  const fill = element("span", { class: "fill" });
  const number = element("span", { class: "number" });
  const row = element(
    ...(["div", { class: `bar ${quantity}` }] as const),
    element("dt", {}, label),
    element("dd", {}, element("span", { class: "track", "aria-hidden": "true" }, fill), number),
  );
  row.addEventListener("pointerenter", () => {
    const { title, equation } = QUANTITIES[quantity] ?? { title: label, equation: undefined };
    const name = `${title} of ${head.toLowerCase()}, ${label}, step ${playback.step}`;
    readout.show({ name, value: formatNumber(value(playback.step)), equation }, row.getBoundingClientRect());
  });
  row.addEventListener("pointerleave", () => readout.hide());
  const show = (step: number) => {
    const now = value(step);
    fill.style.setProperty("transform", `scaleX(${Math.min(Math.max(now / full, 0), 1)})`);
    number.textContent = formatNumber(now);
  };
  return { row, show };
}

function writeBars({ trace }: Watched, head: number): readonly Bar[] {
  const one = oneOf(trace, head);
  return [
    ...one("writeGate", "write gate"),
    ...one("allocationGate", "allocation gate"),
    ...strength(trace, head, "writeStrengths"),
    ...mask(trace, head, "writeMasks"),
  ];
}

function readBars({ trace }: Watched, head: number): readonly Bar[] {
  const one = oneOf(trace, head);
  const modes = trace.has("readMode") ? readModeNames(trace) : [];
  return [
    ...modes.map((label, mode) => ({
      ...{ quantity: "readMode", label },
      value: (step: number) => trace.at("readMode", step, head)[mode] ?? 0,
    })),
    ...one("freeGate", "free gate"),
    ...strength(trace, head, "readStrengths"),
    ...mask(trace, head, "readMasks"),
    ...sharpness(trace, head, "forwardSharpness", "forward sharpness"),
    ...sharpness(trace, head, "backwardSharpness", "backward sharpness"),
  ];
}

type Trace = Watched["trace"];

function oneOf(trace: Trace, head: number) {
  return (quantity: string, label: string): Bar[] =>
    trace.has(quantity) ? [{ quantity, label, value: (step) => trace.at(quantity, step)[head] ?? 0 }] : [];
}

/** The strength that is applied: a trace has the one before softplus. */
function strength(trace: Trace, head: number, quantity: string): Bar[] {
  if (!trace.has(quantity)) return [];
  const full = softplus(trace.range(quantity)[1]);
  return [{ quantity, label: "strength", value: (step) => softplus(trace.at(quantity, step)[head] ?? 0), full }];
}

/** The components of a mask, a bar each. */
function mask(trace: Trace, head: number, quantity: string): Bar[] {
  if (!trace.has(quantity)) return [];
  return Array.from({ length: trace.shape(quantity)[1] ?? 0 }, (_, component) => ({
    ...{ quantity, label: `mask ${component}` },
    value: (step: number) => trace.at(quantity, step, head)[component] ?? 0,
  }));
}

function sharpness(trace: Trace, head: number, quantity: string, label: string): Bar[] {
  if (!trace.has(quantity)) return [];
  const count = trace.shape(quantity)[1] ?? 1;
  const full = trace.range(quantity)[1];
  return Array.from({ length: count }, (_, index) => ({
    ...{ quantity, label: count > 1 ? `${label} ${index + 1}` : label, full },
    value: (step: number) => trace.at(quantity, step, head)[index] ?? 0,
  }));
}

function softplus(value: number): number {
  return value > 30 ? value : Math.log1p(Math.exp(value));
}
