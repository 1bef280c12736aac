import { formatValue } from "../format-value.js";
import { isRefusedName } from "../names.js";

/** Maximum nesting of objects and arrays: more than any state needs, and safe for recursion. */
export const MAX_DEPTH = 64;

/**
 * Finds the first part of a value that JSON cannot represent exactly: undefined, NaN, infinities, -0, functions, dates,
 * typed arrays and other classes, holes, cycles, keys such as `__proto__`.
 *
 * @returns the end of an error message that begins with the value's name, such as `.random[2]: expected plain JSON,
 *   got NaN`; undefined if there is no such part.
 */
export function findUnserializable(value: unknown, depth = 0): string | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number" && Number.isFinite(value) && !Object.is(value, -0)) return undefined;
  if (!isPlain(value)) return `: expected plain JSON, got ${formatValue(value)}`;
  if (depth === MAX_DEPTH) return `: expected at most ${MAX_DEPTH} levels, got more`;
  return Array.isArray(value) ? findInArray(value, depth) : findInObject(value as Record<string, unknown>, depth);
}

function findInArray(values: readonly unknown[], depth: number): string | undefined {
  for (let index = 0; index < values.length; index++) {
    const found = findUnserializable(values[index], depth + 1);
    if (found !== undefined) return `[${index}]${found}`;
  }
  return undefined;
}

function findInObject(object: Readonly<Record<string, unknown>>, depth: number): string | undefined {
  for (const key of Object.keys(object)) {
    if (isRefusedName(key)) return `: expected other keys than ${formatValue(key)}`;
    const found = findUnserializable(object[key], depth + 1);
    if (found !== undefined) return `${/^[A-Za-z_]\w{0,59}$/.test(key) ? `.${key}` : `[${formatValue(key)}]`}${found}`;
  }
  return undefined;
}

/** Whether JSON represents this kind of object with all its properties. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const own = Reflect.ownKeys(value).length;
  if (Array.isArray(value)) return own === value.length + 1; // no holes, and `length`
  const prototype = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && own === Object.keys(value).length;
}
