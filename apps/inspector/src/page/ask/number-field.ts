import { element } from "../dom.js";

/** Options of a field for an integer. */
export interface NumberFieldOptions {
  readonly label: string;
  /** What the field begins with; default: nothing. */
  readonly value?: number | undefined;
  readonly min: number;
  readonly max: number;
  /** A few words after the field. */
  readonly hint?: string | undefined;
  /** Called with each valid number. */
  readonly onChange: (value: number) => void;
}

/** A field for an integer. What is not one in its range is marked, and changes nothing. */
export function numberField({ label, value, min, max, hint, onChange }: NumberFieldOptions): HTMLLabelElement {
  const input = element("input", {
    type: "number",
    min,
    max,
    step: 1,
    value,
    inputmode: "numeric",
    placeholder: value === undefined ? "any" : undefined,
  });
  let last = value;
  input.addEventListener("input", () => {
    const given = input.valueAsNumber;
    const isValid = Number.isInteger(given) && given >= min && given <= max;
    input.setAttribute("aria-invalid", String(!isValid));
    input.title = isValid ? "" : `An integer from ${min} to ${max}`;
    if (!isValid || given === last) return;
    last = given;
    onChange(given);
  });
  input.addEventListener("change", () => {
    if (input.getAttribute("aria-invalid") !== "true") return;
    input.value = last === undefined ? "" : String(last);
    input.removeAttribute("aria-invalid");
  });
  return element(
    ...(["label", { class: "field" }] as const),
    element("span", {}, label),
    input,
    hint === undefined ? undefined : element("small", {}, hint),
  );
}
