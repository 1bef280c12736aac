/**
 * Under this name a `Dnc` says why only its own steps may run it. The name is the same in every copy of this package, and the
 * function is that of the copy that the `Dnc` is from. It is given the object that was asked, since what is found through a
 * wrapper may belong to what it wraps.
 */
export const WHY_NOT_STOCK: unique symbol = Symbol.for("@dnc/core/whyNotStock") as never;

/** What a `Dnc` answers with: undefined, or the reason after the words "expected a stock Dnc, got". */
export type WhyNotStock = (core: object) => string | undefined;

/**
 * Why a core may do something else than an engine.
 *
 * @param core - one with steps of its own must be a `Dnc`; a plain description of one, with config and variables, has none.
 * @returns the reason after the words "expected a stock Dnc, got"; undefined if it may not.
 */
export function whyNotStock(core: object): string | undefined {
  if (isDnc(core)) return core[WHY_NOT_STOCK](core);
  return "step" in core ? "a core of another class" : undefined;
}

/** Whether a core is a `Dnc`, of any copy of this package, or made from one. */
export function isDnc(core: object): core is { readonly [WHY_NOT_STOCK]: WhyNotStock } {
  return typeof (core as { readonly [WHY_NOT_STOCK]?: unknown })[WHY_NOT_STOCK] === "function";
}
