/** The longest text that an error message quotes, in characters. */
const MAX_QUOTED = 60;

/** Characters that a terminal interprets instead of displaying: controls, line separators, marks that change the direction of text. */
const NOT_PRINTABLE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Formats any value for an error message. A text is quoted, cut to 60 characters, with its control characters escaped. */
export function formatValue(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (Object.is(value, -0)) return "-0";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  const name = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === "string" && name !== "Object" && name !== "" ? quoted(name).slice(1, -1) : "an object";
}

function quoted(text: string): string {
  const characters = [...text.slice(0, 2 * (MAX_QUOTED + 1))];
  const cut = characters.length > MAX_QUOTED ? `${characters.slice(0, MAX_QUOTED).join("")}...` : text;
  return JSON.stringify(cut).replace(
    NOT_PRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
