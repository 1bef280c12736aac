import { isWrong } from "./ask.js";

const CELL = 28;
const BIT = 22;
const SLOT = 12;
const LEFT = 64;
const TOP = 26;
const GAP = 18;
const SVG = "http://www.w3.org/2000/svg";

/**
 * Draws inputs, outputs and memory weights of a network over a sequence: four panels with the same time axis.
 *
 * @param sequence - result of `ask`.
 * @param {{ length: number, repeats: number }} size - length of the pattern, and number of repeats.
 * @returns {SVGElement}
 */
export function picture({ mask, inputs, targets, outputs, writeWeights, readWeights }, { length, repeats }) {
  const bits = targets[0].length - 1; // the last one marks the end
  const masked = outputs.map((row, step) => row.slice(0, bits).map((value) => value * mask[step]));
  const wrong = (step, bit) => mask[step] === 1 && isWrong(outputs[step][bit], targets[step][bit]);
  const panels = [
    { title: "Input", kind: "data", rows: inputs.map((row) => row.slice(0, bits)), height: BIT },
    { title: "Written", kind: "write", rows: writeWeights, height: SLOT },
    { title: "Read", kind: "read", rows: readWeights, height: SLOT },
    { title: "Output", kind: "data", rows: masked, height: BIT, wrong },
  ];
  const width = LEFT + inputs.length * CELL + 2;
  const drawn = [];
  let top = TOP;
  for (const panel of panels) {
    drawn.push(...panelAt(panel, top));
    top += panel.rows[0].length * panel.height + GAP;
  }
  const root = element("svg", { viewBox: `0 0 ${width} ${top - GAP + 2}`, width, role: "img" });
  root.setAttribute("aria-label", `The pattern is written to memory and read ${repeats} times`);
  root.append(...phases(length, repeats, top - GAP), ...drawn);
  return root;
}

function panelAt({ title, kind, rows, height, wrong = (_step, _bit) => false }, top) {
  const tall = rows[0].length * height;
  const label = element("text", { x: 0, y: top + tall / 2 + 5 }, title);
  const frame = element("rect", { x: LEFT, y: top, width: rows.length * CELL, height: tall, class: "frame" });
  const cells = rows.flatMap((row, step) =>
    row.flatMap((value, index) => {
      const place = { x: LEFT + step * CELL, y: top + index * height, width: CELL, height };
      const cell = value < 0.01 ? [] : [element("rect", { ...place, class: kind, "fill-opacity": value.toFixed(2) })];
      return wrong(step, index) ? [...cell, element("rect", { ...place, class: "wrong" })] : cell;
    }),
  );
  return [label, frame, ...cells];
}

/** Labels the pattern and each copy of it where they begin. */
function phases(length, repeats, bottom) {
  const copies = Array.from({ length: repeats }, (_, copy) => [length + 2 + copy * length, `copy ${copy + 1}`]);
  return [[1, "pattern"], ...copies].flatMap(([step, name]) => {
    const x = LEFT + step * CELL;
    // A label wider than its phase would overlap the next one.
    const text = length * CELL < 42 ? [] : [element("text", { x: x + 3, y: TOP - 10, class: "note" }, name)];
    return [element("path", { d: `M${x} ${TOP - 20}V${bottom}`, class: "phase" }), ...text];
  });
}

function element(name, attributes, text = "") {
  const created = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, value);
  created.textContent = text;
  return created;
}
