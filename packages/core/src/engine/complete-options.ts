import { checkObject } from "@dnc/addressing/checks";

/** Merges options into their defaults; undefined counts as absent. Throws a TypeError for an unknown key. */
export function completeOptions<Options extends object>(name: string, defaults: Options, given: object): Options {
  checkObject(name, given);
  for (const key of Object.keys(given))
    if (!Object.hasOwn(defaults, key)) throw new TypeError(`${name}: unknown key "${key}"`);
  return { ...defaults, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}
