import { isRefusedName } from "../names.js";
import { describe, shown } from "../shown.js";

/** How deep objects and arrays may lie in each other; far more than anyone needs, far less than a stack has. */
export const MAX_DEPTH = 64;

/**
 * Looks for what would not come back from a journey through JSON: undefined, NaN, infinities, -0, functions, dates,
 * typed arrays and other classes, holes, cycles, keys such as `__proto__`.
 *
 * @returns what to say after the value's name about the first such thing, such as `.random[2]: expected plain JSON,
 *   got NaN`; undefined if there is none.
 */
export function lostInJson(value: unknown, depth = 0): string | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number" && Number.isFinite(value) && !Object.is(value, -0)) return undefined;
  if (!isPlain(value)) return `: expected plain JSON, got ${describe(value)}`;
  if (depth === MAX_DEPTH) return `: expected at most ${MAX_DEPTH} levels, got more`;
  return Array.isArray(value) ? lostInArray(value, depth) : lostInObject(value as Record<string, unknown>, depth);
}

function lostInArray(values: readonly unknown[], depth: number): string | undefined {
  for (let index = 0; index < values.length; index++) {
    const lost = lostInJson(values[index], depth + 1);
    if (lost !== undefined) return `[${index}]${lost}`;
  }
  return undefined;
}

function lostInObject(object: Readonly<Record<string, unknown>>, depth: number): string | undefined {
  for (const key of Object.keys(object)) {
    if (isRefusedName(key)) return `: expected other keys than ${shown(key)}`;
    const lost = lostInJson(object[key], depth + 1);
    if (lost !== undefined) return `${/^[A-Za-z_]\w{0,59}$/.test(key) ? `.${key}` : `[${shown(key)}]`}${lost}`;
  }
  return undefined;
}

/** Whether JSON knows this kind of object, and would see all that it has. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const own = Reflect.ownKeys(value).length;
  if (Array.isArray(value)) return own === value.length + 1; // no holes, and `length`
  const prototype = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && own === Object.keys(value).length;
}
