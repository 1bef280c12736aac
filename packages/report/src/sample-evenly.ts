/**
 * Selects items at even distances, including the first and the last.
 *
 * @param items - any number of items.
 * @param count - how many to select, at least 2.
 * @returns all items if there are at most `count`, otherwise exactly `count`, in their order.
 */
export function sampleEvenly<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, index) => items[Math.round((index * (items.length - 1)) / (count - 1))]);
}
