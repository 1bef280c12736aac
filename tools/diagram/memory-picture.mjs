/** Picture of a trained memory at work: one sequence of copy, repeat copy or associative recall, drawn from a trace. */

const CELL = 22;
const SLOT = 11;
const LEFT = 118;
const TOP = 30;
const GAP = 20;
const LEGEND = 40;

/** Styles for light and dark pages: the background is transparent, and each cell's value is its opacity. */
const STYLE = `
    text { fill: #1f2328; font: 14px system-ui, sans-serif; }
    .note { fill: #59636e; font-size: 12px; }
    .frame { fill: none; stroke: #8c959f; stroke-width: 0.5; }
    .phase { stroke: #8c959f; stroke-dasharray: 3 3; }
    .data { fill: #1f6feb; }
    .write { fill: #bc4c00; }
    .read { fill: #1a7f37; }
    .wrong { fill: none; stroke: #d1242f; stroke-width: 2; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .note { fill: #9198a1; }
      .frame, .phase { stroke: #656c76; }
      .data { fill: #58a6ff; }
      .write { fill: #f0883e; }
      .read { fill: #3fb950; }
      .wrong { stroke: #ff7b72; }
    }
  `;

/**
 * Draws inputs and outputs of a network, and where its memory is written and read, with time from left to right.
 *
 * @param {{ quantities: Record<string, { shape: number[], data: number[] }> }} trace - trace from `dnc trace` of a run
 *   of copy, repeat copy or associative recall with one write head; the mean of the read heads is drawn.
 * @param {"copy" | "recall"} [task] - how its phases are named; repeat copy is "copy", and default.
 * @returns {string} an SVG file.
 */
export function memoryPicture({ quantities }, task = "copy") {
  const inputs = rowsOf(quantities.inputs ?? quantities.observations);
  const outputs = rowsOf(quantities.output);
  const targets = rowsOf(quantities.targets ?? quantities.target);
  const mask = quantities.mask.data.filter((_, index) => index % quantities.mask.shape[1] === 0);
  const steps = inputs.length;
  const bits = inputs[0].length - 2; // two inputs are markers; repeat copy has an output for the end
  const masked = outputs.map((row, step) => row.slice(0, bits).map((value) => value * mask[step]));
  const first = mask.indexOf(1);
  const writes = rowsOf(quantities.writeWeights);
  const slots = slotsByTime(writes.slice(1, first - 1)); // between the first marker and the last
  const inOrder = (rows) => rows.map((row) => slots.map((slot) => row[slot]));
  const panels = [
    { label: ["input"], kind: "data", rows: inputs.map((row) => row.slice(0, bits)), height: CELL },
    { label: ["memory", "written"], kind: "write", rows: inOrder(writes), height: SLOT },
    { label: ["memory", "read"], kind: "read", rows: inOrder(meanOfHeads(quantities.readWeights)), height: SLOT },
    { label: ["output"], kind: "data", rows: masked, height: CELL },
  ];
  const width = LEFT + steps * CELL + 10;
  let top = TOP;
  const drawn = panels.map((panel) => {
    const y = top;
    top += panel.rows[0].length * panel.height + GAP;
    return panelAt(panel, y);
  });
  const outputTop = top - GAP - bits * CELL;
  const height = top + LEGEND;
  const wrong = masked.flatMap((row, step) =>
    row.flatMap((value, bit) =>
      mask[step] === 1 && Math.round(value) !== targets[step][bit]
        ? [
            `<rect class="wrong" x="${LEFT + step * CELL}" y="${outputTop + bit * CELL}" width="${CELL}" height="${CELL}"/>`,
          ]
        : [],
    ),
  );
  const { named, label } = task === "copy" ? copyOf(steps, first) : recallOf(inputs, first);
  const phases = named.map(
    ({ at, text }) =>
      `<path class="phase" d="M${LEFT + at * CELL} ${TOP - 6}V${top - GAP + 6}"/>` +
      `<text class="note" x="${LEFT + at * CELL + 3}" y="${TOP - 12}">${text}</text>`,
  );
  const accuracy = wrong.length === 0 ? "every bit right" : `${count(wrong.length, "bit")} wrong (outlined)`;
  const captions = [
    "columns: time steps; rows: bits, or memory slots by when they are first written",
    `output: ${accuracy}`,
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">`,
    `<style>${STYLE}</style>`,
    ...phases,
    ...drawn,
    ...wrong,
    ...captions.map((line, index) => `<text class="note" x="12" y="${height - 30 + index * 18}">${line}</text>`),
    "</svg>",
    "",
  ].join("\n");
}

/** Names the phases of copy and repeat copy: the pattern between start marker and number of repeats, and its copies. */
function copyOf(steps, first) {
  const length = first - 2;
  const copies = Math.floor((steps - first) / length);
  const starts = Array.from({ length: copies }, (_, copy) => first + copy * length);
  return {
    named: [
      { at: 1, text: "the pattern" },
      ...starts.map((at, copy) => ({ at, text: copies === 1 ? "the copy" : `copy ${copy + 1}` })),
    ],
    label: `A pattern of ${length} vectors is written to the memory and read back ${count(copies, "time")} in the same order`,
  };
}

/** Names the phases of associative recall: items, each after a marker; one of them between two other markers; the answer. */
function recallOf(inputs, first) {
  const marked = (channel) => inputs.flatMap((row, step) => (row.at(channel) > 0 ? [step] : []));
  const items = marked(-2);
  const [query] = marked(-1);
  return {
    named: [
      ...items.map((at, item) => ({ at: at + 1, text: `item ${item + 1}` })),
      { at: query + 1, text: "one again" },
      { at: first, text: "the next" },
    ],
    label: `${count(items.length, "item")} are written to the memory; one of them is shown again, and the item that followed it is read`,
  };
}

function panelAt({ label, kind, rows, height }, y) {
  const count = rows[0].length;
  const cells = rows.flatMap((row, step) =>
    row.flatMap((value, index) => {
      const opacity = Math.min(1, Math.max(0, value));
      if (opacity < 0.02) return [];
      const place = `x="${LEFT + step * CELL}" y="${y + index * height}" width="${CELL}" height="${height}"`;
      return [`<rect ${place} fill-opacity="${Number(opacity.toFixed(2))}"/>`];
    }),
  );
  const middle = y + (count * height) / 2 + 5 - (label.length - 1) * 9;
  return [
    ...label.map((line, index) => `<text x="12" y="${middle + index * 18}">${line}</text>`),
    `<g class="${kind}">${cells.join("")}</g>`,
    `<rect class="frame" x="${LEFT}" y="${y}" width="${rows.length * CELL}" height="${count * height}"/>`,
  ].join("\n");
}

/** Reads the first sequence of a batch: an array of numbers per time step. */
function rowsOf({ shape: [steps, batch, ...rest], data }) {
  const size = rest.reduce((product, length) => product * length, 1);
  return Array.from({ length: steps }, (_, step) => data.slice(step * batch * size, (step * batch + 1) * size));
}

/** Orders the slots by the time at which the pattern is written to them; unused slots come last. */
function slotsByTime(writes) {
  const timeOf = (slot) => {
    const time = writes.findIndex((row) => row[slot] >= 0.5);
    return time < 0 ? writes.length : time;
  };
  return writes[0].map((_, slot) => slot).sort((a, b) => timeOf(a) - timeOf(b));
}

function meanOfHeads(quantity) {
  const [, , heads, slots] = quantity.shape;
  return rowsOf(quantity).map((row) =>
    Array.from({ length: slots }, (_, slot) => {
      const values = Array.from({ length: heads }, (_, head) => row[head * slots + slot]);
      return values.reduce((sum, value) => sum + value, 0) / heads;
    }),
  );
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
