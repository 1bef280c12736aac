/** Compares a computed tensor with the reference's, element by element, with a rule for the tolerance. */

/** @typedef {import("./case-file.mjs").Values} Values */

/**
 * The tolerance of each element: maps the reference's tensor to a function of the element's index.
 * @typedef {(expected: Values) => (index: number) => number} Rule
 */

/**
 * @typedef {object} Finding
 * @property {string} what - name of the quantity, such as `outputs/memory`.
 * @property {{ difference: number, where: string }} absolute - the largest difference.
 * @property {{ difference: number, where: string }} relative - the same over the largest magnitude in the tensor.
 * @property {number} used - largest ratio of a difference to its tolerance: above 1 is a failure.
 * @property {string[]} failures - one sentence per failure.
 */

/** Tolerance between float32 programs for values and gradients, absolute or relative to the element. */
const CLOSE = 1e-5;

/** Upper limit of the relative tolerance, so that a change of 1e-3 is always detected. */
const MOST = 5e-4;

/** Factors by which a correct program may differ more than the reference's own float32 and float64 graphs. */
const OVER_RECORDED = { small: 5, element: 3, tensor: 10 };

/** Differences below this are rounding in a tensor of any scale, as long as they are small compared to the scale. */
const ROUNDING = 1e-7;

/**
 * Compares two tensors.
 *
 * @param {string} what
 * @param {Values} expected - the reference's tensor.
 * @param {Values | undefined} actual - our tensor.
 * @param {Rule} rule
 * @param {(index: number) => number | undefined} [alternative] - a second correct value for some elements.
 * @returns {Finding}
 */
export function compare(what, expected, actual, rule, alternative) {
  if (!actual) return failed(what, "not computed: this runner does not know it");
  if (String(actual.shape) !== String(expected.shape))
    return failed(what, `expected shape [${expected.shape}], got [${actual.shape}]`);
  if ((expected.dtype === "int32") !== (actual.dtype === "int32"))
    return failed(what, `expected ${expected.dtype}, got ${actual.dtype}`);
  const right = alternative ? nearest(expected, actual, alternative) : expected;
  const tolerance = rule(right);
  let [used, absolute, at, worst] = [0, 0, 0, 0];
  for (let i = 0; i < right.data.length; i++) {
    const [a, b] = [actual.data[i], right.data[i]];
    if (!Number.isFinite(a)) return failed(what, `${place(right, i)}: expected ${b}, got ${a}`);
    const difference = Math.abs(a - b);
    if (difference > absolute) [absolute, at] = [difference, i];
    const share = difference === 0 ? 0 : difference / tolerance(i);
    if (share > used) [used, worst] = [share, i];
  }
  const where = `${what}${place(right, at)}`;
  const relative = absolute === 0 ? 0 : absolute / largest(right.data);
  const finding = { what, absolute: { difference: absolute, where }, relative: { difference: relative, where }, used };
  if (used <= 1) return { ...finding, failures: [] };
  const [a, b, allowed] = [actual.data[worst], right.data[worst], tolerance(worst).toExponential(1)];
  return { ...finding, failures: [`${what}${place(right, worst)}: expected ${b}, got ${a}, allowed ${allowed}`] };
}

/** Replaces expected values by the alternative where that is nearer to ours. */
function nearest(expected, actual, alternative) {
  const data = Array.from(expected.data, (b, index) => {
    const [a, other] = [actual.data[index], alternative(index)];
    return other !== undefined && Math.abs(a - other) < Math.abs(a - b) ? other : b;
  });
  return { ...expected, data };
}

/**
 * Compares two texts, exactly.
 *
 * @returns {Finding}
 */
export function compareText(what, expected, actual) {
  if (expected === actual) return passed(what);
  if (typeof actual !== "string") return failed(what, "not computed: this runner does not know it");
  const at = [...expected].findIndex((letter, index) => letter !== actual[index]);
  const start = at < 0 ? expected.length : at;
  const excerpt = (text) => JSON.stringify(text.slice(start, start + 20));
  return failed(what, `texts differ from letter ${start}: expected ${excerpt(expected)}, got ${excerpt(actual)}`);
}

/** A result for a quantity that is correct. @returns {Finding} */
function passed(what) {
  const none = { difference: 0, where: what };
  return { what, absolute: none, relative: none, used: 0, failures: [] };
}

/** A result for a quantity that could not be compared, or a statement that does not hold. @returns {Finding} */
export function failed(what, why) {
  return { ...passed(what), failures: [`${what}: ${why}`] };
}

/** Equal to the last bit. @type {Rule} */
export const exact = () => () => 0;

/** @type {(tolerance: number) => Rule} */
export const within = (tolerance) => () => () => tolerance;

/**
 * The tolerance that can be expected of two float32 programs.
 *
 * Each element may differ by 1e-5, absolute or relative (then at most 5e-4), or by three times the difference between
 * the reference's own float32 and float64 results if that is larger (five times, up to 5e-4). In addition, for a tensor
 * of small numbers no difference may exceed 1e-5 of its largest magnitude, or ten times the recorded differences, or
 * 1e-7 (at most a hundredth of the largest magnitude).
 *
 * @param {object} [options]
 * @param {number[]} [options.recorded] - differences recorded in the case file for this tensor.
 * @param {boolean} [options.sorted] - whether the computation sorts slots by usage: then recorded differences beyond
 *   1e-6 and 1e-5 of the largest magnitude are not rounding, because float64 ordered nearly equal usages differently.
 * @param {boolean} [options.asWhole] - whether to apply the rule for the tensor as a whole; default: true.
 * @returns {Rule}
 */
export function close({ recorded = [], sorted = true, asWhole = true } = {}) {
  return (expected) => {
    const scale = largest(expected.data);
    const isRounding = (difference) => !sorted || difference <= 1e-6 + CLOSE * scale;
    const noise = Math.max(0, ...recorded.filter(isRounding));
    const floor = scale === 0 ? ROUNDING : Math.min(ROUNDING, scale / 100);
    const whole = Math.max(CLOSE * scale, OVER_RECORDED.tensor * noise, floor, spacing(scale));
    return (index) => {
      const magnitude = Math.abs(expected.data[index]);
      const capped = Math.min(Math.max(CLOSE * magnitude, OVER_RECORDED.small * noise), MOST);
      const own = Math.max(CLOSE, capped, OVER_RECORDED.element * noise, spacing(magnitude));
      return asWhole ? Math.min(own, whole) : own;
    };
  };
}

/**
 * Returns a few times the spacing of float32 numbers near `magnitude`, the best possible precision of large numbers.
 *
 * It is many times the spacing where that is so large that a change of 1e-3 has no effect.
 */
function spacing(magnitude) {
  if (magnitude === 0) return 0;
  const distance = 2 ** (Math.floor(Math.log2(magnitude)) - 23);
  return distance > 2e-3 ? 16 * distance : 4 * distance;
}

/** Returns the largest magnitude. @param {ArrayLike<number>} data */
export function largest(data) {
  let most = 0;
  for (let i = 0; i < data.length; i++) most = Math.max(most, Math.abs(data[i]));
  return most;
}

/** Formats an element's indices, as `[1,0,3]`. */
function place({ shape }, index) {
  const indices = [];
  let rest = index;
  for (const length of shape.toReversed()) {
    indices.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return `[${indices}]`;
}
