import { PARALLEL_SCRIPT } from "./parallel-script.js";

/**
 * The script of the page: values under the pointer, by touch and by arrow keys; the link matrix of the step under the
 * pointer; lines of parallel coordinates; charts as SVG and CSV files. It reads only attributes that the page was rendered with, and writes texts, never
 * markup.
 */
export const SCRIPT = `
(() => {
"use strict";
const SVG = "http://www.w3.org/2000/svg";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const make = (tag, attributes = {}, text = "") => {
  const element = attributes.xmlns ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (name !== "xmlns") element.setAttribute(name, value);
  element.textContent = text;
  return element;
};
const shown = (value) => {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : String(Number(value.toPrecision(size < 1 ? 3 : 5)));
};

const tip = document.body.appendChild(make("div", { class: "tip", role: "status" }));
tip.hidden = true;
const hide = () => { tip.hidden = true; for (const mark of all(".mark")) mark.remove(); };
const tell = (text, x, y) => {
  tip.textContent = text;
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const above = y - height - 14;
  tip.style.left = Math.max(8, Math.min(innerWidth - width - 8, x + 14)) + "px";
  tip.style.top = (above < 8 ? y + 18 : above) + "px";
};

/* Matrices: data-cells has the numbers, data-rows and data-across the names of rows and columns. */
const decoded = new WeakMap();
const numbersOf = (cells) => {
  const code = cells.dataset.cells;
  const before = decoded.get(cells);
  if (before && before.code === code) return before.numbers;
  const numbers = code.split(" ").flatMap((word) => word[0] === "z" ? Array(Number(word.slice(1))).fill(0) : [Number(word)]);
  decoded.set(cells, { code, numbers });
  return numbers;
};
const names = (cells, kind, count) => {
  const line = cells.closest("[data-slots]");
  const list = kind === "slots" ? JSON.parse(line.dataset.slots) : kind === undefined ? JSON.parse(line.dataset.times)
    : kind === "component" ? Array.from({ length: count }, (_, index) => "component " + index) : JSON.parse(kind);
  return list.slice(0, count);
};
const matrixOf = (cells) => {
  const numbers = numbersOf(cells), columns = Number(cells.dataset.columns), rows = numbers.length / columns;
  return { numbers, columns, rows, down: names(cells, cells.dataset.rows, rows), across: names(cells, cells.dataset.across, columns) };
};
const titleOf = (element) => {
  const step = element.closest("[data-step]");
  return element.closest("[data-title]").dataset.title + (step ? ", step " + step.dataset.step : "");
};
const point = (cells, row, column) => {
  const { numbers, columns, rows, down, across } = matrixOf(cells);
  const r = Math.max(0, Math.min(rows - 1, row)), c = Math.max(0, Math.min(columns - 1, column));
  cells.dataset.at = r + " " + c;
  hide();
  const mark = cells.appendChild(make("i", { class: "mark" }));
  mark.style.cssText = "left:" + 100 * c / columns + "%;top:" + 100 * r / rows + "%;width:" + 100 / columns + "%;height:" + 100 / rows + "%";
  const box = mark.getBoundingClientRect();
  const places = cells.dataset.across === "slots" ? down[r] + " after " + across[c] : down[r] + " \\u00b7 " + across[c];
  tell(titleOf(cells) + "\\n" + places + "\\n" + shown(numbers[r * columns + c]), box.right, box.top);
  const frame = cells.closest(".film [data-step]");
  if (cells.dataset.across === undefined) go(cells.closest(".timeline"), c);
  else if (frame) go(cells.closest(".timeline"), Number(frame.dataset.step));
};

/* The step of a timeline: a cursor over all strips, and the link matrices of that step. */
const go = (line, step) => {
  if (!line) return;
  line.style.setProperty("--now", step);
  line.classList.add("live");
  const panel = line.querySelector(".now");
  if (!panel) return;
  const slider = panel.querySelector("input");
  if (slider) slider.value = step;
  panel.querySelector(".step b").textContent = JSON.parse(line.dataset.times)[step];
  const films = all(".film", line);
  all(".link", panel).forEach((link, head) => {
    const frames = all("[data-step]", films[head]);
    const frame = frames.filter(({ dataset }) => Number(dataset.step) <= step).pop() || frames[0];
    for (const each of frames) each.classList.toggle("on", each === frame);
    const [to, from] = [link.querySelector(".cells"), frame.querySelector(".cells")];
    to.dataset.cells = from.dataset.cells;
    to.setAttribute("aria-label", from.getAttribute("aria-label"));
    to.querySelector("img").src = from.querySelector("img").src;
    link.dataset.step = frame.dataset.step;
  });
};
for (const line of all(".timeline")) {
  const panel = line.querySelector(".now");
  const last = JSON.parse(line.dataset.times).length - 1;
  if (panel) {
    const slider = make("input", { type: "range", min: 0, max: last, value: last, "aria-label": "time step" });
    panel.querySelector(".step").after(slider);
    slider.addEventListener("input", () => go(line, Number(slider.value)));
  }
  go(line, last);
}

/* Curves: data-chart has the points. */
const nearest = ({ x }, at) => x.reduce((best, value, index) => Math.abs(value - at) < Math.abs(x[best] - at) ? index : best, 0);
const follow = (plot, index) => {
  const { along, across, range: [low, high], kind, series } = JSON.parse(plot.dataset.chart);
  const longest = series.reduce((a, b) => b.x.length > a.x.length ? b : a);
  const i = Math.max(0, Math.min(longest.x.length - 1, index));
  plot.dataset.at = i;
  const at = longest.x[i];
  hide();
  const svg = plot.querySelector("svg"), box = svg.getBoundingClientRect(), outer = plot.getBoundingClientRect();
  const left = box.left - outer.left + box.width * (across > 0 ? at / across : 0.5);
  const line = plot.appendChild(make("i", { class: "mark line" }));
  line.style.cssText = "left:" + left + "px;top:" + (box.top - outer.top) + "px;height:" + box.height + "px";
  const log = kind === "logarithmic" ? Math.log : Number;
  const lines = series.flatMap((each, place) => {
    const near = nearest(each, at);
    if (at > each.x[each.x.length - 1]) return [];
    const dot = plot.appendChild(make("i", { class: "mark spot c" + (place % 7 + 1) }));
    const share = (log(each.y[near]) - log(low)) / (log(high) - log(low));
    dot.style.cssText = "left:" + left + "px;top:" + (box.top - outer.top + box.height * (1 - share)) + "px";
    return [(series.length > 1 ? each.name + ": " : "") + shown(each.y[near]) + (each.deviation ? " \\u00b1 " + shown(each.deviation[near]) : "")];
  });
  tell([along + " " + at, ...lines].join("\\n"), outer.left + left, box.top + 40);
};
const pick = (plot, event) => {
  const { across, series } = JSON.parse(plot.dataset.chart);
  const longest = series.reduce((a, b) => b.x.length > a.x.length ? b : a);
  const box = plot.querySelector("svg").getBoundingClientRect();
  follow(plot, nearest(longest, across * (event.clientX - box.left) / box.width));
};

const react = (event) => {
  const target = event.target.closest && event.target.closest(".cells,[data-chart]");
  if (!target) { if (event.type === "pointerdown") hide(); return; }
  if (target.dataset.chart) return pick(target, event);
  const box = target.getBoundingClientRect(), { columns, rows } = matrixOf(target);
  point(target, Math.floor(rows * (event.clientY - box.top) / box.height), Math.floor(columns * (event.clientX - box.left) / box.width));
};
addEventListener("pointermove", react);
addEventListener("pointerdown", react);
addEventListener("pointerout", (event) => { if (event.pointerType !== "touch" && event.target.closest && event.target.closest(".cells,[data-chart]")) hide(); });
addEventListener("scroll", hide, { passive: true });
addEventListener("keydown", (event) => {
  const target = event.target.closest && event.target.closest(".cells,[data-chart]");
  if (event.key === "Escape") hide();
  const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  if (!target || !move) return;
  event.preventDefault();
  const [row, column] = (target.dataset.at || "0 0").split(" ").map(Number);
  if (target.dataset.chart) follow(target, row + move[1]);
  else point(target, row + move[0], column + move[1]);
});
${PARALLEL_SCRIPT}
/* Files. */
const save = (name, type, text) => {
  const link = make("a", { download: name, href: URL.createObjectURL(new Blob([text], { type })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};
const word = (value) => {
  const text = String(value);
  return /[",\\n\\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
};
const csv = (lines) => lines.map((line) => line.map(word).join(",") + "\\n").join("");
const chartCsv = ({ along, series }) => {
  const steps = [...new Set(series.flatMap(({ x }) => x))].sort((a, b) => a - b);
  const many = series.length > 1;
  const head = series.flatMap(({ name, deviation }) => [name, ...(deviation ? [(many ? name + " " : "") + "standard deviation"] : [])]);
  const places = series.map(({ x }) => new Map(x.map((step, index) => [step, index])));
  return csv([[along, ...head], ...steps.map((step) => [step, ...series.flatMap(({ y, deviation }, index) => {
    const at = places[index].get(step);
    return at === undefined ? (deviation ? ["", ""] : [""]) : deviation ? [y[at], deviation[at]] : [y[at]];
  })])]);
};
const cellsCsv = (cells) => {
  const { numbers, columns, down, across } = matrixOf(cells);
  return csv([["", ...across], ...down.map((name, row) => [name, ...numbers.slice(row * columns, (row + 1) * columns)])]);
};
const tableCsv = (table) => csv([...table.rows].map((row) => [...row.cells].map((cell) => (cell.dataset.value || cell.innerText).replace(/\\u202f/g, "").trim())));
const cellsSvg = (cells) => {
  const { columns, rows, down, across } = matrixOf(cells);
  const picture = cells.querySelector("img"), canvas = make("canvas", { width: columns, height: rows });
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const pixels = context.getImageData(0, 0, columns, rows).data;
  const side = Math.max(4, Math.min(20, Math.floor(640 / columns))), left = 110, top = 34;
  const svg = make("svg", { xmlns: SVG, width: left + columns * side + 16, height: top + rows * side + 28 });
  svg.setAttribute("font-family", "sans-serif");
  const put = (tag, attributes, text) => svg.appendChild(make(tag, { xmlns: SVG, ...attributes }, text));
  put("text", { x: left, y: 20, "font-size": 14, "font-weight": 600 }, titleOf(cells));
  const colour = (index) => "#" + [0, 1, 2].map((part) => pixels[4 * index + part].toString(16).padStart(2, "0")).join("");
  for (let row = 0; row < rows; row++)
    for (let from = 0, to; from < columns; from = to) {
      for (to = from + 1; to < columns && colour(row * columns + to) === colour(row * columns + from); to++);
      put("rect", { x: left + from * side, y: top + row * side, width: (to - from) * side, height: side, fill: colour(row * columns + from), "shape-rendering": "crispEdges" });
    }
  const every = (size) => Math.ceil(size / side);
  down.forEach((name, row) => { if (row % every(11) === 0) put("text", { x: left - 6, y: top + row * side + side / 2 + 4, "font-size": 11, "text-anchor": "end" }, name); });
  across.forEach((name, column) => { if (column % every(24) === 0) put("text", { x: left + column * side + side / 2, y: top + rows * side + 16, "font-size": 11, "text-anchor": "middle" }, (/\\d+/.exec(name) || [name])[0]); });
  return new XMLSerializer().serializeToString(svg);
};
const tableSvg = (table) => {
  const side = 44, left = 90, top = 60, lines = [...table.rows].map((row) => [...row.cells]);
  const svg = make("svg", { xmlns: SVG, width: left + side * (lines[0].length - 1) + 16, height: top + side * (lines.length - 1) + 16 });
  svg.setAttribute("font-family", "sans-serif");
  const put = (tag, attributes, text) => svg.appendChild(make(tag, { xmlns: SVG, ...attributes }, text));
  const write = (text, x, y, more) => put("text", { x, y, "font-size": 13, "text-anchor": "middle", ...more }, text);
  write(table.caption.innerText, 8, 20, { "text-anchor": "start", "font-size": 14, "font-weight": 600 });
  lines.forEach((cells, row) => cells.forEach((cell, column) => {
    const [x, y] = [left + side * (column - 1), top + side * (row - 1)];
    if (column === 0) return write(cell.innerText, left - 8, y + side / 2 + 5, { "text-anchor": "end" });
    if (row === 0) return write(cell.innerText, x + side / 2, top - 8);
    const share = Number(cell.dataset.value), mix = (from, to) => Math.round(from + share * (to - from));
    put("rect", { x, y, width: side - 2, height: side - 2, rx: 3, fill: "rgb(" + [mix(237, 15), mix(240, 111), mix(239, 119)] + ")" });
    write(cell.firstChild.textContent, x + side / 2 - 1, y + side / 2 + 4, { fill: share > 0.5 ? "#ffffff" : "#1b2126" });
  }));
  return new XMLSerializer().serializeToString(svg);
};
const button = (place, kind, what, act) => {
  const added = place.appendChild(make("button", { type: "button", "aria-label": "save " + what + " as " + kind }, kind));
  added.addEventListener("click", act);
};
/* Not every program that opens a file knows the colours of a page: each is replaced by the one that follows it. */
const drawingSvg = (drawing) => new XMLSerializer().serializeToString(drawing).replace(/var\\(--\\w+, (#\\w+)\\)/g, "$1");
for (const figure of all("[data-file]")) {
  const place = figure.querySelector(".save"), file = figure.dataset.file;
  if (!place) continue;
  const plot = figure.querySelector("[data-chart]"), cells = figure.querySelector(".cells"), table = figure.querySelector("table");
  const name = (ending) => file + (figure.dataset.step && cells ? "-step-" + figure.dataset.step : "") + ending;
  const title = file.replace(/-/g, " ");
  const drawing = figure.querySelector(".graph-picture, .block-boards, .location-chart, .parallel-coordinates");
  if (drawing) {
    button(place, "SVG", title, () => save(name(".svg"), "image/svg+xml", drawingSvg(drawing)));
    continue;
  }
  if (cells) button(place, "SVG", title, () => save(name(".svg"), "image/svg+xml", cellsSvg(cells)));
  if (table && table.caption) button(place, "SVG", title, () => save(name(".svg"), "image/svg+xml", tableSvg(table)));
  button(place, "CSV", title, () => save(name(".csv"), "text/csv", plot ? chartCsv(JSON.parse(plot.dataset.chart)) : cells ? cellsCsv(cells) : tableCsv(table)));
}
document.documentElement.classList.add("scripted");
})();
`;

/** Hash of the script for the content security policy of the page. */
export const SCRIPT_HASH = "sha256-H9j/fGcsKP9juiJAmvxn9dQMsdvwqmbAuwtT58fLp34=";
