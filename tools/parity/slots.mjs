/**
 * Compares cases that start from an empty memory up to the order of the slots.
 *
 * All slots start identical and their usages remain equal up to rounding, so rounding decides which slot is written.
 * The network treats all slots the same: another choice gives the same state with its slots in another order. One order
 * per batch element, shared by all fields and steps, must explain every difference.
 */
import { assign } from "./assignment.mjs";
import { close, compare } from "./compare.mjs";

/** @typedef {import("./case-file.mjs").CaseFile} CaseFile */
/** @typedef {import("./case-file.mjs").NamedValues} NamedValues */

/** The slot axes, counted from the last axis. */
const SLOT_AXES = {
  memory: [-2],
  usage: [-1],
  read_weights: [-1],
  write_weights: [-1],
  precedence_weights: [-1],
  link: [-2, -1],
};

/** Largest difference of fields under the right order; slots that differ by less are interchangeable. */
const SAME = 1e-5;

/**
 * Reorders our outputs to the reference's order of slots.
 *
 * An order is searched only if the case starts from zeros and the outputs do not agree without it. Step 0 must agree
 * without it.
 *
 * @param {CaseFile} file
 * @param {NamedValues} outputs - our outputs.
 * @param {(name: string) => boolean} isTimeMajor - whether an output starts with a time axis.
 * @returns {Pick<import("./kinds.mjs").Computed, "outputs" | "rules" | "checks" | "notes" | "extra">}
 */
export function alignSlots(file, outputs, isTimeMajor) {
  const orderFree = file.extra.slot_order_free_outputs;
  const extra = ["slot_order_free_outputs"];
  if (file.config.initial_state !== "zeros" && orderFree === undefined) return { outputs, extra };
  const fields = Object.keys(file.outputs).filter(
    (name) => outputs[name] && axesOf(name) && !orderFree?.includes(name) && sameShape(file, outputs, name),
  );
  if (fields.length === 0) return { outputs, extra };
  const views = fields.map((name) => fieldOf(name, file.outputs[name], outputs[name], isTimeMajor(name)));
  const { batch, slots } = views[0];
  const orders = Array.from({ length: batch }, (_, element) => findOrder(views, element, slots));
  const moved = [...orders.keys()].filter((element) => orders[element].some((from, to) => from !== to));
  const asIs = close({ asWhole: false });
  return {
    outputs: { ...outputs, ...Object.fromEntries(views.map((view) => [view.name, reorder(view, orders)])) },
    rules: { outputs: Object.fromEntries(fields.map((name) => [name, asIs])) },
    checks: views
      .filter(({ timeMajor }) => timeMajor)
      .map(({ name, theirs, ours }) => compare(`outputs/${name} at step 0`, first(theirs), first(ours), asIs)),
    notes: moved.length === 0 ? [] : [`slots reordered in batch elements ${moved.join(", ")}`],
    extra,
  };
}

function axesOf(name) {
  return SLOT_AXES[name.split("/").at(-1)];
}

function sameShape(file, outputs, name) {
  return String(file.outputs[name].shape) === String(outputs[name].shape);
}

/** Describes an output with slot axes: positions of batch and slots in an element's flat index. */
function fieldOf(name, theirs, ours, timeMajor) {
  const { shape } = theirs;
  const axes = axesOf(name).map((axis) => shape.length + axis);
  const stride = (axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  const batchAxis = timeMajor ? 1 : 0;
  const coordinate = (axis) => {
    const [step, length] = [stride(axis), shape[axis]];
    return (index) => Math.floor(index / step) % length;
  };
  return {
    name,
    theirs,
    ours,
    timeMajor,
    batch: shape[batchAxis],
    slots: shape[axes[0]],
    batchOf: coordinate(batchAxis),
    slotAxes: axes.map((axis) => ({ slotOf: coordinate(axis), stride: stride(axis) })),
  };
}

/** Finds our slot for each slot of the reference. */
function findOrder(fields, element, slots) {
  const identity = Array.from({ length: slots }, (_, slot) => slot);
  if (fields.every((field) => agrees(field, element))) return identity;
  const ours = fields.map((field) => features(field, field.ours, element));
  const theirs = fields.map((field) => features(field, field.theirs, element));
  const distance = (to, from) =>
    fields.reduce((sum, _, index) => sum + squaredDistance(theirs[index][to], ours[index][from]), 0);
  return assign(identity.map((to) => identity.map((from) => distance(to, from))));
}

function agrees({ theirs, ours, batchOf }, element) {
  for (let i = 0; i < theirs.data.length; i++)
    if (batchOf(i) === element && !(Math.abs(theirs.data[i] - ours.data[i]) <= SAME)) return false;
  return true;
}

/**
 * Computes features of each slot that do not depend on the order of the others: its numbers or, for links between
 * slots, sums and sums of squares over the other slot.
 */
function features({ batchOf, slotAxes, slots }, { data }, element) {
  const rows = Array.from({ length: slots }, () => []);
  if (slotAxes.length === 1) {
    for (let i = 0; i < data.length; i++) if (batchOf(i) === element) rows[slotAxes[0].slotOf(i)].push(data[i]);
    return rows;
  }
  const [from, to] = slotAxes;
  for (const { slotOf } of slotAxes) {
    for (let i = 0; i < data.length; i++) {
      if (batchOf(i) !== element) continue;
      const [row, group] = [
        rows[slotOf(i)],
        Math.floor(i / (from.stride * slots)) * 4 + (slotOf === to.slotOf ? 2 : 0),
      ];
      row[group] = (row[group] ?? 0) + data[i];
      row[group + 1] = (row[group + 1] ?? 0) + data[i] ** 2;
    }
  }
  return rows;
}

function squaredDistance(a, b) {
  let sum = 0;
  a.forEach((x, i) => {
    sum += (x - b[i]) ** 2;
  });
  return sum;
}

/** Reorders our values, with one order of slots per batch element. */
function reorder({ ours, batchOf, slotAxes }, orders) {
  const data = Float32Array.from(ours.data, (_, index) => {
    const order = orders[batchOf(index)];
    const source = slotAxes.reduce((at, { slotOf, stride }) => {
      const slot = slotOf(index);
      return at + (order[slot] - slot) * stride;
    }, index);
    return ours.data[source];
  });
  return { ...ours, data };
}

function first({ shape, dtype, data }) {
  const size = data.length / shape[0];
  return { shape: shape.slice(1), dtype, data: data.slice(0, size) };
}
