/**
 * Pseudo-random integers, the same for the same seed.
 *
 * @param {number} seed
 * @returns {(below: number) => number} from 0 up to, not including, `below`.
 */
export function generator(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
