import { defineTask } from "@dnc/tasks";

const KEYS = 6;
const VALUE_BITS = 3;

/**
 * Associative recall: the network sees pairs of a key and a value, then one of the keys, and outputs its value.
 *
 * Channels of an input: one per key, one per bit of the value, and one that is 1 with the query.
 */
export const recall = defineTask({
  name: "recall",
  inputSize: KEYS + VALUE_BITS + 1,
  targetSize: VALUE_BITS,
  sampleSequence(random) {
    const count = random.integer(2, 4);
    const pairs = shuffledKeys(random)
      .slice(0, count)
      .map((key) => ({ key, value: Array.from({ length: VALUE_BITS }, () => random.integer(0, 1)) }));
    const query = pairs[random.integer(0, count - 1)];
    const blank = new Array(VALUE_BITS).fill(0);
    return [
      ...pairs.map(({ key, value }) => ({ input: [...oneHot(key), ...value, 0] })),
      { input: [...oneHot(query.key), ...blank, 1], target: query.value },
    ];
  },
});

function oneHot(key) {
  return Array.from({ length: KEYS }, (_, index) => (index === key ? 1 : 0));
}

/** Returns all keys in random order (Fisher-Yates). */
function shuffledKeys(random) {
  const keys = Array.from({ length: KEYS }, (_, key) => key);
  for (let last = KEYS - 1; last > 0; last--) {
    const other = random.integer(0, last);
    [keys[last], keys[other]] = [keys[other], keys[last]];
  }
  return keys;
}
