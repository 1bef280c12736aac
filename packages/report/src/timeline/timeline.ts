import { formatNumber } from "../format.js";
import { type Html, html } from "../html.js";
import { heatmap } from "../images/heatmap.js";
import { pngDataUrl } from "../images/png.js";
import { seriesIfPresent } from "../images/trace-series.js";
import { drawLocations } from "../locations/location-chart.js";
import { fileName } from "../page/file-name.js";
import type { SequenceTrace } from "../run-report.js";
import { clock, phaseEdges } from "./clock.js";
import { encodeValues } from "./encode-values.js";
import { lastMemory } from "./last-memory.js";
import { type LinkFilm, linkFilms } from "./links.js";
import { type Phase, phasesOf } from "./phases.js";
import { SIGNIFICANT_WEIGHT, type SlotOrder, slotOrder } from "./slot-order.js";
import { LINKS, type Strip, type StripGroup, stripGroups } from "./strips.js";

/** Maximum number of slots in a strip. */
const MAX_SLOTS = 64;

/** Height of a row in CSS pixels: of a channel or gate; of a slot, so that a strip has about this height. 16 slots have room for numbers. */
const ROW = { labelled: 15, least: 3, most: 11, strip: 176 } as const;

/** Height of the number of a slot in CSS pixels. */
const SLOT_LABEL = 11;

const UNIT = [0, 1] as const;

/** Renders the first sequence of a trace over time: every quantity on one axis, and the link matrix step by step. */
export function timeline(trace: SequenceTrace): Html {
  const { data, labels = {}, outputs, phases = phasesOf(data, labels) } = trace;
  const groups = stripGroups(data, labels, { outputs });
  if (groups.every(({ strips }) => strips.length === 0)) return html`<p class="note">The trace has no quantities.</p>`;
  const timeSteps = groups.flatMap(({ strips }) => strips)[0].matrix[0].length;
  const writes = seriesIfPresent(data, "writeWeights", 2, 0);
  const order = writes && slotOrder(writes, MAX_SLOTS);
  const films = order ? linkFilms(data, order.slots, 0) : [];
  const body = groups.map((group) => renderGroup(group, order, group.title === LINKS ? films : []));
  const times = Array.from({ length: timeSteps }, (_, step) => stepName(step, phases));
  return html`${order && locations(trace, phases)}${order && slotNote(order)}<div class="timeline${films.length > 0 && " linked"}" data-slots="${JSON.stringify(order?.slots.map((slot) => `slot ${slot}`) ?? [])}" data-times="${JSON.stringify(times)}" style="--steps:${timeSteps};--now:${timeSteps - 1};--edges:${phaseEdges(timeSteps, phases)}">
<div class="strips">
${clock(timeSteps, phases)}${body}${order && lastMemory(data, order.slots, 0)}</div>
${films.length > 0 && now(films, times)}</div>`;
}

/** Renders where the heads write and read, and what the marks are. */
function locations({ data, stepLabels }: SequenceTrace, phases: readonly Phase[]): Html {
  const title = "Where the heads write and read";
  const chart = drawLocations(data, { title, phases, labels: stepLabels, inPage: true });
  return html`<figure class="locations" data-file="locations"><div class="scroll" tabindex="0">${chart}</div>
<figcaption>Each row is a slot, each column a time step. A square is a write; a dot is a read by content, a triangle a read that follows the links to the slot written next (right) or before (left); a cross is where a slot is freed.<span class="save"></span></figcaption></figure>
`;
}

function stepName(step: number, phases: readonly Phase[]): string {
  const phase = phases.find(({ start, end }) => step >= start && step < end);
  return `step ${step}${phase ? `, ${phase.name}` : ""}`;
}

function slotNote({ slots, total, written }: SlotOrder): Html {
  const some = slots.length < total ? `; the first ${slots.length} of ${formatNumber(total)} are shown` : "";
  const never =
    written === 0 ? "none was" : `${formatNumber(written)} of ${formatNumber(total)} ${written === 1 ? "was" : "were"}`;
  return html`<p class="note">Slots are in the order of their first write, with a weight of at least ${SIGNIFICANT_WEIGHT}: ${never} written${some}. Time steps and slots are numbered from 0, as in a trace.</p>
`;
}

function renderGroup(
  { title, strips, isFolded }: StripGroup,
  order: SlotOrder | undefined,
  films: readonly LinkFilm[],
): Html {
  const content = html`${strips.map((each) => strip(each, order))}${films.map(film)}`;
  if (isFolded)
    return html`<details class="group"><summary>${title}</summary>${content}</details>
`;
  return html`<h3>${title}</h3>
${content}`;
}

function strip({ title, note, matrix, rows, range }: Strip, order: SlotOrder | undefined): Html {
  const slots = rows === "slots" ? (order?.slots ?? matrix.map((_, slot) => slot)) : undefined;
  const shown = slots ? slots.map((slot) => matrix[slot]) : matrix;
  const columns = matrix[0].length;
  const rowHeight = slots
    ? Math.max(ROW.least, Math.min(ROW.most, Math.floor(ROW.strip / shown.length)))
    : ROW.labelled;
  const [low, high] = range.map((value) => Number(value.toPrecision(3)));
  const what = [note, low === 0 && high === 1 ? undefined : `${low} to ${high}`].filter((part) => part !== undefined);
  const image = heatmap(shown.flat(), shown.length, columns, { range });
  const alt = `${title}: ${shown.length} ${slots ? "slots" : "rows"} from top to bottom, time from left to right, ${low} to ${high}`;
  const kind = slots ? html`data-rows="slots"` : html`data-rows="${JSON.stringify(rows)}"`;
  return html`<figure class="strip" data-file="${fileName(title)}" data-title="${title}"><figcaption>${title} <small>${what.join("; ")}</small><span class="save"></span></figcaption>
${rowLabels(slots ?? (rows as readonly string[]), rowHeight, slots !== undefined)}<div class="cells" tabindex="0" role="img" aria-label="${alt}" ${kind} data-columns="${columns}" data-cells="${encodeValues(shown.flat(), range)}"><img src="${pngDataUrl(image)}" alt="" style="height:${rowHeight * shown.length}px"></div></figure>
`;
}

/** Renders the names of rows; of slots, as many numbers as have room. */
function rowLabels(names: readonly (string | number)[], rowHeight: number, areSlots: boolean): Html {
  const every = areSlots ? Math.ceil(SLOT_LABEL / rowHeight) : 1;
  const labels = names
    .filter((_, row) => row % every === 0)
    .map((name, index) => {
      const rest = names.length - index * every;
      const unit = areSlots && index === 0 && "slot ";
      return html`<li style="height:${rowHeight * Math.min(every, rest)}px"><span>${unit}${name}</span></li>`;
    });
  const kind = areSlots && html` numbers" style="--row:${rowHeight}px`;
  return html`<ol class="rows${kind}" aria-hidden="true">${labels}</ol>`;
}

function film({ title, slots, cut, frames }: LinkFilm): Html {
  const size = slots.length;
  const pictures = frames.map(({ step, values }) => {
    const url = pngDataUrl(heatmap(values, size, size, { range: UNIT }));
    return html`<figure data-step="${step}"><div class="cells" role="img" aria-label="${title}, step ${step}" data-rows="slots" data-across="slots" data-columns="${size}" data-cells="${encodeValues(values, UNIT)}"><img src="${url}" alt=""></div><figcaption>${step}</figcaption></figure>
`;
  });
  return html`<figure class="film" data-title="${title}" data-file="${fileName(title)}"><figcaption>${title} <small>by time step: row written right after column${cut && `; ${cut}`}</small></figcaption>
<div class="frames">
${pictures}</div></figure>
`;
}

/** Renders the panel with the link matrices of one time step, which the script changes. */
function now(films: readonly LinkFilm[], times: readonly string[]): Html {
  const panels = films.map(({ title, slots, frames }) => {
    const { step, values } = frames[frames.length - 1];
    const size = slots.length;
    const url = pngDataUrl(heatmap(values, size, size, { range: UNIT }));
    return html`<figure class="link" data-title="${title}" data-file="${fileName(title)}"><figcaption>${title}<span class="save"></span></figcaption>
<div class="cells" tabindex="0" role="img" aria-label="${title}, step ${step}" data-rows="slots" data-across="slots" data-columns="${size}" data-cells="${encodeValues(values, UNIT)}"><img src="${url}" alt=""></div></figure>
`;
  });
  return html`<aside class="now"><p class="step">After <b>${times[times.length - 1]}</b></p>
${panels}<p class="note">Bright where the row\u2019s slot was written right after the column\u2019s.</p></aside>
`;
}
