/** How much of a foreign name an error message shows. */
const MAX_SHOWN = 60;

/** What a terminal would obey instead of showing: controls, line separators, marks that turn the text around. */
const UNSHOWABLE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A foreign text as an error message shows it: in quotes, cut to 60 characters, control characters escaped. */
export function shown(text: string): string {
  const characters = [...text.slice(0, 2 * (MAX_SHOWN + 1))];
  const cut = characters.length > MAX_SHOWN ? `${characters.slice(0, MAX_SHOWN).join("")}...` : text;
  return JSON.stringify(cut).replace(
    UNSHOWABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** How an error message shows a value of the wrong kind. */
export function describe(value: unknown): string {
  if (typeof value === "string") return shown(value);
  if (Object.is(value, -0)) return "-0";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  const name = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === "string" && name !== "Object" && name !== "" ? shown(name).slice(1, -1) : "an object";
}
