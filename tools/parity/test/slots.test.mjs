/** Tests reordered slots: a case from an empty memory passes only under a consistent order of the slots. */
import { expect, it } from "vitest";
import { compare } from "../compare.mjs";
import { alignSlots } from "../slots.mjs";
import { generator } from "./generator.mjs";

const [TIME, BATCH, SLOTS, WORD] = [3, 2, 5, 2];
const FIELDS = {
  memory: [TIME, BATCH, SLOTS, WORD],
  usage: [TIME, BATCH, SLOTS],
  write_weights: [TIME, BATCH, 1, SLOTS],
  link: [TIME, BATCH, 1, SLOTS, SLOTS],
};

/** The slot axes of a field, and our slot for each slot of the reference. */
const ORDERS = [
  [0, 2, 1, 4, 3],
  [0, 1, 2, 3, 4],
];

it("finds and reports the order of the slots of each batch element", () => {
  const { file, ours } = reordered();
  const { outputs, notes, rules, checks } = alignSlots(file, ours, () => true);
  expect(notes).toEqual(["slots reordered in batch elements 0"]);
  for (const name of Object.keys(FIELDS))
    expect(compare(name, file.outputs[name], outputs[name], rules.outputs[name]).failures).toEqual([]);
  expect(checks.flatMap(({ failures }) => failures)).toEqual([]);
});

it.each(Object.keys(FIELDS))("detects that only %s is in another order or differs by 1e-3", (name) => {
  for (const change of [(values) => swapped(values), (values) => values.with(-3, values.at(-3) + 1e-3)]) {
    const { file, ours } = reordered();
    ours[name] = { ...ours[name], data: change(ours[name].data) };
    const { outputs, rules } = alignSlots(file, ours, () => true);
    const findings = Object.keys(FIELDS).map((field) =>
      compare(field, file.outputs[field], outputs[field], rules.outputs[field]),
    );
    expect(findings.flatMap(({ failures }) => failures)).not.toEqual([]);
  }
});

it("requires step 0 to agree without reordering", () => {
  const { file, ours } = reordered({ from: 0 });
  const { checks } = alignSlots(file, ours, () => true);
  expect(checks.flatMap(({ failures }) => failures)).not.toEqual([]);
});

it("does not reorder cases with another initial state", () => {
  const { file, ours } = reordered();
  expect(alignSlots({ ...file, config: {}, extra: {} }, ours, () => true).outputs).toBe(ours);
});

/** Creates a reference whose slots are identical until step `from`, and our result with the slots in another order. */
function reordered({ from = 1 } = {}) {
  const random = generator(7);
  const outputs = {};
  const ours = {};
  for (const [name, shape] of Object.entries(FIELDS)) {
    const size = shape.reduce((product, length) => product * length);
    const alike = (size / TIME) * from;
    const data = Array.from({ length: size }, (_, i) => (i < alike ? 0 : Math.fround(random(1000) / 1000)));
    outputs[name] = { shape, dtype: "float32", data };
    ours[name] = { shape, dtype: "float32", data: data.map((_, i) => data[sourceOf(name, shape, i)]) };
  }
  return { file: { config: { initial_state: "zeros" }, extra: { slot_order_free_outputs: [] }, outputs }, ours };
}

/** Returns the flat index that moves to `index` under the other order. */
function sourceOf(name, shape, index) {
  const place = [];
  let rest = index;
  for (const length of shape.toReversed()) {
    place.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  const axes = { memory: [2], usage: [2], write_weights: [3], link: [3, 4] }[name];
  for (const axis of axes) place[axis] = ORDERS[place[1]][place[axis]];
  return place.reduce((flat, coordinate, axis) => flat * shape[axis] + coordinate, 0);
}

/** Swaps two neighbouring numbers of the last step. */
function swapped(values) {
  return values.with(-3, values.at(-4)).with(-4, values.at(-3));
}
