/** Keys with a special meaning on JavaScript objects. In a file they can only be an attack. */
const REFUSED = ["__proto__", "constructor", "prototype"];

/** Whether a name is refused in every file. */
export function isRefusedName(name: string): boolean {
  return REFUSED.includes(name);
}

/** Whether a text contains half a surrogate pair, which UTF-8 cannot encode. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}
