/**
 * Name of a method of `Dnc` that explains why an engine may not run it. The symbol is the same in every copy of this
 * package; the method belongs to the copy that created the `Dnc`. It takes the object in question as an argument,
 * because a wrapper inherits the method of the core that it wraps.
 */
export const WHY_NOT_STOCK: unique symbol = Symbol.for("@dnc/core/whyNotStock") as never;

/** Type of that method: returns undefined, or the reason as the text after "expected a stock Dnc, got". */
export type WhyNotStock = (core: object) => string | undefined;

/**
 * Explains why an engine may not run a core, whose steps may compute something else.
 *
 * @param core - a `Dnc`, or a plain object with its config and variables. Any other object with a `step` is not stock.
 * @returns the reason as the text after "expected a stock Dnc, got"; undefined if an engine may run it.
 */
export function whyNotStock(core: object): string | undefined {
  if (isDnc(core)) return core[WHY_NOT_STOCK](core);
  return "step" in core ? "a core of another class" : undefined;
}

/** Whether a core is a `Dnc` of any copy of this package, or derived from one. */
export function isDnc(core: object): core is { readonly [WHY_NOT_STOCK]: WhyNotStock } {
  return typeof (core as { readonly [WHY_NOT_STOCK]?: unknown })[WHY_NOT_STOCK] === "function";
}
