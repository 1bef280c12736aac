import { describe } from "../shown.js";

/** The greatest step that fits a name. */
const MAX_STEP = 99_999_999;

/**
 * What the folder of a checkpoint is called: `step-00000100` sorts as the steps do.
 *
 * @param step - an integer from 0 to 99,999,999.
 * @returns `step-` and eight digits.
 * @throws RangeError if it is another number; TypeError if it is none.
 */
export function stepName(step: number): string {
  if (typeof step !== "number") throw new TypeError(`step: expected a number, got ${describe(step)}`);
  if (!Number.isInteger(step) || step < 0 || step > MAX_STEP)
    throw new RangeError(`step: expected an integer from 0 to ${MAX_STEP}, got ${step}`);
  return `step-${String(step).padStart(8, "0")}`;
}

/** The step that a checkpoint's name says, or undefined if it is no such name. */
export function stepOf(name: string): number | undefined {
  const [, digits] = /^step-(\d{8})$/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
