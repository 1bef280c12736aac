/** Versions and ranges of the kinds that this workspace uses: `1.2.3`, `^1.2.3`, `>=1.2`. */

/** Compares two versions, for sorting the older one first. */
export function compareVersions(a, b) {
  const [left, right] = [a, b].map(numbersOf);
  const at = left.findIndex((number, index) => number !== right[index]);
  return at < 0 ? 0 : left[at] - right[at];
}

/**
 * Finds the lowest version that a range admits.
 *
 * @throws RangeError for a range of another kind.
 */
export function lowestOf(range) {
  const [, , text] = partsOf(range);
  return numbersOf(text).join(".");
}

/** Whether a range admits a version; pre-releases are never admitted. */
export function admits(range, version) {
  const [, operator] = partsOf(range);
  const lowest = lowestOf(range);
  if (isPrerelease(version) || compareVersions(version, lowest) < 0) return false;
  if (operator === ">=") return true;
  if (operator === "^") return numbersOf(version)[0] === numbersOf(lowest)[0];
  return compareVersions(version, lowest) === 0;
}

/**
 * Finds the newest version that is not a pre-release.
 *
 * @param versions - versions in any order.
 * @param among - an additional condition.
 * @returns undefined if there is none.
 */
export function newestOf(versions, among = () => true) {
  return versions
    .filter((version) => !isPrerelease(version) && among(version))
    .sort(compareVersions)
    .at(-1);
}

/** Whether a version begins with these numbers: `20.19.0` begins with `20` and with `20.19`. */
export function beginsWith(version, numbers) {
  return `${version}.`.startsWith(`${numbers}.`);
}

/**
 * Splits a range into `[range, operator, version]`. A leading zero is rejected, because it would change the meaning of
 * `^`.
 */
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
