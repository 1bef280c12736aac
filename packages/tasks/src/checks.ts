/**
 * Argument checks. A value of the wrong type is a TypeError, a number or shape out of range a RangeError; each message
 * has the form `name: expected X, got Y`.
 */

/** Throws a TypeError unless `value` is an object. */
export function assertObject(name: string, value: unknown): asserts value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError(`${name}: expected an object, got ${describe(value)}`);
}

/**
 * Throws a TypeError unless `config` is an object with no keys other than `keys`; a key whose value is `undefined`
 * counts as absent.
 */
export function assertKeys(name: string, config: unknown, keys: readonly string[]): void {
  assertObject(name, config);
  for (const key of Object.keys(config)) {
    if (!keys.includes(key) && config[key as keyof typeof config] !== undefined)
      throw new TypeError(`unknown ${name} key ${JSON.stringify(key)}; expected one of ${keys.join(", ")}`);
  }
}

/** Throws a TypeError unless `value` is a number; `expected` is the message's text for that. */
export function assertNumber(name: string, value: unknown, expected: string): asserts value is number {
  if (typeof value !== "number") throw new TypeError(`${name}: expected ${expected}, got ${describe(value)}`);
}

/** Throws unless `value` is an integer in [min, max]; `expected` is the message's text for that. */
export function assertInteger(name: string, value: unknown, min: number, max: number, expected: string): void {
  assertNumber(name, value, expected);
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new RangeError(`${name}: expected ${expected}, got ${value}`);
  }
}

/** Throws unless `value` is an integer of at least 1. */
export function assertPositiveInteger(name: string, value: unknown): void {
  assertInteger(name, value, 1, Number.MAX_SAFE_INTEGER, "a positive integer");
}

/** Throws unless `value` is a finite number above 0. */
export function assertPositiveNumber(name: string, value: unknown): void {
  assertNumber(name, value, "a positive number");
  if (!Number.isFinite(value) || value <= 0) {
    throw new RangeError(`${name}: expected a positive number, got ${value}`);
  }
}

/** Throws unless both are positive integers and `min` is at most `max`. */
export function assertRange(minName: string, min: number, maxName: string, max: number): void {
  assertPositiveInteger(minName, min);
  assertPositiveInteger(maxName, max);
  if (min > max) throw new RangeError(`${minName}: expected at most ${maxName} (${max}), got ${min}`);
}

/** Throws a TypeError unless `value` is true or false. */
export function assertBoolean(name: string, value: unknown): void {
  if (typeof value !== "boolean") throw new TypeError(`${name}: expected true or false, got ${describe(value)}`);
}

/** Throws a TypeError unless `value` is one of `choices`. */
export function assertChoice(name: string, value: unknown, choices: readonly string[]): void {
  if (!choices.includes(value as string))
    throw new TypeError(`${name}: expected one of ${choices.join(", ")}, got ${describe(value)}`);
}

/** Throws a TypeError unless `value` is a string of at least one character. */
export function assertText(name: string, value: unknown): void {
  if (typeof value !== "string" || value === "")
    throw new TypeError(`${name}: expected a text that is not empty, got ${describe(value)}`);
}

/** Throws a TypeError unless `value` is a function; `expected` is the message's text for that. */
export function assertFunction(name: string, value: unknown, expected: string): void {
  if (typeof value !== "function") throw new TypeError(`${name}: expected ${expected}, got ${describe(value)}`);
}

/** Throws a TypeError unless `value` is an array. */
export function assertArray(name: string, value: unknown): void {
  if (!Array.isArray(value)) throw new TypeError(`${name}: expected an array, got ${describe(value)}`);
}

/** Throws a TypeError unless `value` is a Float32Array. */
export function assertFloats(name: string, value: unknown): asserts value is Float32Array {
  if (!(value instanceof Float32Array)) throw new TypeError(`${name}: expected a Float32Array, got ${describe(value)}`);
}

/** Throws unless `value` is a Float32Array of the length that these dimensions give; a name accepts any size. */
export function assertFloatsOfShape(name: string, value: unknown, dims: readonly (number | string)[]): void {
  assertFloats(name, value);
  const known = dims.reduce<number>((size, dim) => (typeof dim === "number" ? size * dim : size), 1);
  const isOpen = dims.some((dim) => typeof dim === "string");
  if (isOpen ? value.length > 0 && value.length % known === 0 : value.length === known) return;
  const count = isOpen ? `a multiple of ${known}` : known;
  throw new RangeError(`${name}: expected [${dims.join(", ")}], ${count} numbers, got ${value.length}`);
}

/** Formats a value of the wrong type for an error message. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return "an array";
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (typeof value === "function") return "a function";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
