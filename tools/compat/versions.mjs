/** Versions and ranges, as far as the manifests of this workspace have them: `1.2.3`, `^1.2.3`, `>=1.2`. */

/** Of two versions the older one first. */
export function compareVersions(a, b) {
  const [left, right] = [a, b].map(numbersOf);
  const at = left.findIndex((number, index) => number !== right[index]);
  return at < 0 ? 0 : left[at] - right[at];
}

/**
 * The least version that a range admits.
 *
 * @throws RangeError for a range of a kind that nobody here uses.
 */
export function lowestOf(range) {
  const [, , text] = partsOf(range);
  return numbersOf(text).join(".");
}

/** Whether a range admits a version; pre-releases it does not. */
export function admits(range, version) {
  const [, operator] = partsOf(range);
  const lowest = lowestOf(range);
  if (isPrerelease(version) || compareVersions(version, lowest) < 0) return false;
  if (operator === ">=") return true;
  if (operator === "^") return numbersOf(version)[0] === numbersOf(lowest)[0];
  return compareVersions(version, lowest) === 0;
}

/**
 * The newest of some versions, pre-releases left out.
 *
 * @param versions - in any order.
 * @param among - what else it must be.
 * @returns undefined if there is none.
 */
export function newestOf(versions, among = () => true) {
  return versions
    .filter((version) => !isPrerelease(version) && among(version))
    .sort(compareVersions)
    .at(-1);
}

/** Whether a version begins with these numbers: `20.19.0` does so with `20` and with `20.19`. */
export function beginsWith(version, numbers) {
  return `${version}.`.startsWith(`${numbers}.`);
}

/** `[range, operator, version]`. A zero in front would make `^` mean something else. */
function partsOf(range) {
  const parts = /^(\^|>=)?([1-9]\d*(?:\.\d+){0,2})$/.exec(range);
  if (!parts) throw new RangeError(`range: expected one such as 1.2.3, ^1.2.3 or >=1.2, got "${range}"`);
  return parts;
}

function numbersOf(version) {
  const numbers = version.split("-")[0].split(".").map(Number);
  return [0, 1, 2].map((index) => numbers[index] ?? 0);
}

function isPrerelease(version) {
  return version.includes("-");
}
