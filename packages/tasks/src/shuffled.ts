import type { Random } from "./random.js";

/**
 * Puts items into a random order, each with the same probability, by the shuffle of Fisher and Yates.
 *
 * @returns a new array.
 */
export function shuffled<Item>(random: Random, items: readonly Item[]): readonly Item[] {
  const order = [...items];
  for (let at = order.length - 1; at > 0; at--) {
    const other = random.integer(0, at);
    [order[at], order[other]] = [order[other] as Item, order[at] as Item];
  }
  return order;
}
