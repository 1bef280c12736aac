/** Keys that mean something to JavaScript's own objects: as names of things in a file they are only ever an attack. */
const REFUSED = ["__proto__", "constructor", "prototype"];

/** Whether a name is one that no file of ours or of others may use. */
export function isRefusedName(name: string): boolean {
  return REFUSED.includes(name);
}

/** Whether a text has half a surrogate pair, which UTF-8 cannot hold. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}
