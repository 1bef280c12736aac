import { linearScale, logScale } from "../chart/scale.js";
import { formatNumber } from "../format.js";

/** A value of a line on an axis; undefined: it has none. */
export type ParallelValue = string | number | boolean | undefined;

/** An axis of `parallelCoordinates`. */
export type ParallelAxis = {
  /** Its name. */
  readonly name: string;
  /**
   * `categories`: a place for each different value, numbers in ascending order, others in the order of the lines. `linear` and
   * `logarithmic`: a place by the size of a number, for a logarithmic one above 0.
   */
  readonly kind: "categories" | "linear" | "logarithmic";
  /** A remark below the axis, such as a unit; default: none. */
  readonly note?: string | undefined;
  /** What a line without a value is called below the axis; default: "none". */
  readonly missing?: string | undefined;
  /**
   * Formats a number of the axis; default: as it is, with separated thousands.
   *
   * @param value - the number.
   */
  readonly format?: ((value: number) => string) | undefined;
};

/** Places of the values of an axis. */
export type PlacedAxis = {
  /** Names of places, from 0 at the bottom to 1 at the top. */
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** Place of each line; undefined where it has no value. */
  readonly places: readonly (number | undefined)[];
};

/** Part of the distance between two categories over which the lines of one are spread, so that they do not cover each other. */
const SPREAD = 0.5;

/**
 * Places the values of all lines on an axis.
 *
 * @param name - name of the axis in messages.
 * @param axis - the axis.
 * @param values - a value for each line.
 * @throws TypeError if a linear or logarithmic axis has a value that is no number; RangeError if that is not finite, or not above 0
 *   on a logarithmic one.
 */
export function placeValues(name: string, axis: ParallelAxis, values: readonly ParallelValue[]): PlacedAxis {
  return axis.kind === "categories" ? placeCategories(values, axis) : placeNumbers(name, axis, values);
}

function placeNumbers(
  name: string,
  { kind, format = formatNumber }: ParallelAxis,
  values: readonly ParallelValue[],
): PlacedAxis {
  const numbers = values.filter((value) => value !== undefined).map((value) => checkNumber(name, kind, value));
  if (numbers.length === 0) return { ticks: [], places: values.map(() => undefined) };
  const [low, high] = [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))];
  if (low === high)
    return {
      ticks: [{ at: 0.5, label: format(low) }],
      places: values.map((value) => (value === undefined ? value : 0.5)),
    };
  const scale = kind === "logarithmic" ? logScale(low, high) : linearScale(low, high);
  const inside = scale.ticks.map(({ value }) => ({ at: scale.at(value), label: format(value) }));
  // Within a decade there may be no round value: the ends say what the axis is.
  const ticks =
    inside.length > 1 ? inside : [low, high].map((value) => ({ at: scale.at(value), label: format(rounded(value)) }));
  return { ticks, places: values.map((value) => (value === undefined ? undefined : scale.at(value as number))) };
}

function checkNumber(name: string, kind: ParallelAxis["kind"], value: ParallelValue): number {
  if (typeof value !== "number") throw new TypeError(`${name}: expected numbers on a ${kind} axis, got ${value}`);
  if (!Number.isFinite(value) || (kind === "logarithmic" && value <= 0)) {
    const expected = kind === "logarithmic" ? "finite numbers above 0" : "finite numbers";
    throw new RangeError(`${name}: expected ${expected} on a ${kind} axis, got ${value}`);
  }
  return value;
}

/** Places categories at even distances; the lines of one are spread around its place in their order. */
function placeCategories(values: readonly ParallelValue[], { format = formatNumber }: ParallelAxis): PlacedAxis {
  const members = new Map<ParallelValue, number[]>();
  values.forEach((value, line) => {
    if (value === undefined) return;
    const lines = members.get(value);
    if (lines) lines.push(line);
    else members.set(value, [line]);
  });
  const categories = [...members.keys()];
  if (categories.every((value) => typeof value === "number")) categories.sort((a, b) => (a as number) - (b as number));
  const places: (number | undefined)[] = values.map(() => undefined);
  const ticks = categories.map((value, index) => {
    const at = (index + 0.5) / categories.length;
    const lines = members.get(value) as number[];
    lines.forEach((line, order) => {
      places[line] = at + (SPREAD / categories.length) * ((order + 0.5) / lines.length - 0.5);
    });
    return { at, label: typeof value === "number" ? format(value) : categoryLabel(value) };
  });
  return { ticks, places };
}

function categoryLabel(value: ParallelValue): string {
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
