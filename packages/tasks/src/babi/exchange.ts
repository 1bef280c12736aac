import { assertArray, assertText } from "../checks.js";
import type { Random } from "../random.js";

/**
 * Converts groups of words to groups of their indices.
 *
 * @param groups - At least two words each.
 * @param index - The index of each word.
 * @throws RangeError if a group has fewer than two words, a word is unknown, or comes twice; TypeError if a value is of the wrong kind.
 */
export function exchangeGroups(
  groups: readonly (readonly string[])[],
  index: ReadonlyMap<string, number>,
): readonly (readonly number[])[] {
  assertArray("exchange", groups);
  const known = new Set<string>();
  return groups.map((group, at) => {
    const name = `exchange[${at}]`;
    assertArray(name, group);
    if (group.length < 2) throw new RangeError(`${name}: expected at least two words, got ${group.length}`);
    return group.map((word) => {
      assertText(name, word);
      const found = index.get(word);
      if (found === undefined)
        throw new RangeError(`${name}: expected words of the stories, got ${JSON.stringify(word)}`);
      if (known.has(word)) throw new RangeError(`${name}: expected each word once, got ${JSON.stringify(word)} again`);
      known.add(word);
      return found;
    });
  });
}

/**
 * Draws what each word is replaced by: those of a group by a random permutation of the group, all others by themselves.
 *
 * @param groups - Groups of indices, as from `exchangeGroups`.
 * @param size - Number of words.
 * @returns The new index of each.
 */
export function sampleExchange(groups: readonly (readonly number[])[], size: number, random: Random): Uint32Array {
  const replaced = Uint32Array.from({ length: size }, (_, word) => word);
  for (const group of groups)
    for (let left = group.length - 1; left > 0; left--) {
      const [one, other] = [group[left], group[random.integer(0, left)]] as [number, number];
      const kept = replaced[one] as number;
      replaced[one] = replaced[other] as number;
      replaced[other] = kept;
    }
  return replaced;
}
