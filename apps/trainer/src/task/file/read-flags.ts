/** Value of a flag for the function of a task file. */
type Value = string | number | boolean;

/** Flags for the function of a task file, and which of them it has read. */
export interface ReadFlags {
  /** An object of flags; reading a flag is noted. */
  readonly flags: Readonly<Record<string, Value>>;
  /** Names that were read, whether given or not; all names if the object was copied or listed. */
  readonly read: ReadonlySet<string>;
}

/**
 * Wraps flags so that those that a function ignores can be reported.
 *
 * @param values - the flags that are given.
 */
export function readFlags(values: Readonly<Record<string, Value>>): ReadFlags {
  const read = new Set<string>();
  const flags = new Proxy(Object.freeze({ ...values }), {
    get(target, name, receiver) {
      if (typeof name === "string") read.add(name);
      return Reflect.get(target, name, receiver);
    },
    has(target, name) {
      if (typeof name === "string") read.add(name);
      return Reflect.has(target, name);
    },
  });
  return { flags, read };
}
