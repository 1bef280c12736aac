import { formatValue } from "./format-value.js";

const NAME = /^step-(\d{8}|[1-9]\d{8,15})$/;

/**
 * Returns the folder name of a checkpoint, such as `step-00000100`. Up to step 99,999,999 names sort in order of steps.
 *
 * @param step - an integer from 0 to 2^53 - 1.
 * @returns `step-` and at least eight digits.
 * @throws RangeError if it is another number; TypeError if it is not a number.
 */
export function stepName(step: number): string {
  if (typeof step !== "number") throw new TypeError(`step: expected a number, got ${formatValue(step)}`);
  if (!Number.isSafeInteger(step) || step < 0)
    throw new RangeError(`step: expected an integer from 0 to ${Number.MAX_SAFE_INTEGER}, got ${step}`);
  return `step-${String(step).padStart(8, "0")}`;
}

/** Parses the step in a checkpoint's name; undefined if it is not such a name. */
export function stepOf(name: string): number | undefined {
  const step = Number(NAME.exec(name)?.[1]);
  return Number.isSafeInteger(step) ? step : undefined;
}
