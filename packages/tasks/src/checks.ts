/** Argument checks: kinds are TypeErrors, numbers and shapes are RangeErrors; each says what, expected, got. */

/** Throws a TypeError unless `value` is an object. */
export function assertObject(name: string, value: unknown): asserts value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError(`${name}: expected an object, got ${describe(value)}`);
}

/** Throws a TypeError unless `config` is an object that has no key beyond `keys`; `undefined` counts as absent. */
export function assertKeys(name: string, config: unknown, keys: readonly string[]): void {
  assertObject(name, config);
  for (const key of Object.keys(config)) {
    if (!keys.includes(key) && config[key as keyof typeof config] !== undefined)
      throw new TypeError(`unknown ${name} key ${JSON.stringify(key)}; expected one of ${keys.join(", ")}`);
  }
}

/** Throws a TypeError unless `value` is a number; `expected` is how the message words that. */
export function assertNumber(name: string, value: unknown, expected: string): asserts value is number {
  if (typeof value !== "number") throw new TypeError(`${name}: expected ${expected}, got ${describe(value)}`);
}

/** Throws unless `value` is an integer in [min, max]; `expected` is how the message words that. */
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

/** Throws a TypeError unless `value` is a text of at least one character. */
export function assertText(name: string, value: unknown): void {
  if (typeof value !== "string" || value === "")
    throw new TypeError(`${name}: expected a text that is not empty, got ${describe(value)}`);
}

/** Throws a TypeError unless `value` is a function; `expected` is how the message words that. */
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

/** Throws unless `value` is a Float32Array with as many numbers as these dimensions have; a word stands for any size. */
export function assertFloatsOfShape(name: string, value: unknown, dims: readonly (number | string)[]): void {
  assertFloats(name, value);
  const known = dims.reduce<number>((size, dim) => (typeof dim === "number" ? size * dim : size), 1);
  const isOpen = dims.some((dim) => typeof dim === "string");
  if (isOpen ? value.length > 0 && value.length % known === 0 : value.length === known) return;
  const count = isOpen ? `a multiple of ${known}` : known;
  throw new RangeError(`${name}: expected [${dims.join(", ")}], ${count} numbers, got ${value.length}`);
}

/** How an error message shows a value of the wrong kind. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return "an array";
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (typeof value === "function") return "a function";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
