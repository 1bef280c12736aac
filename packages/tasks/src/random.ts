import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { assertArray, assertInteger, assertKeys, describe } from "./checks.js";

const ALGORITHM: RandomState["algorithm"] = "xoroshiro128plus";
/** Number of integers of 32 bits. */
const UINT32 = 2 ** 32;
const MAX_SEED = 2 ** 32 - 1;
const MIN_INT32 = -(2 ** 31);
const MAX_INT32 = 2 ** 31 - 1;
/**
 * Distance between a seed's words, chosen so that consecutive seeds share no word: 2^32 divided by the golden ratio.
 */
const WORD_SPACING = 0x9e3779b9;

/** State of a generator: plain data that can be converted to JSON; the argument of `restoreRandom`. */
export type RandomState = {
  /** Name of the generator's algorithm. */
  readonly algorithm: "xoroshiro128plus";
  /** Four signed 32-bit integers, not all zero. */
  readonly words: readonly number[];
};

/**
 * A seeded generator of random integers. It uses integer arithmetic only, so the same seed gives the same numbers on every
 * machine. Drawing a number advances it.
 */
export type Random = {
  /**
   * Draws a uniformly distributed integer from `min` to `max`, by rejection sampling.
   *
   * @param min - An integer, the smallest possible result.
   * @param max - An integer of at least `min`, the largest possible result.
   * @returns An integer in [min, max].
   * @throws RangeError if a bound is not a safe integer, if `min` exceeds `max`, or if they differ by more than 2^53 -
   *   1; TypeError if one is not a number.
   */
  integer(min: number, max: number): number;

  /**
   * Returns the current state.
   *
   * @returns Plain data; a generator restored from it draws the same numbers as this one from now on.
   */
  state(): RandomState;
};

/**
 * Creates a generator from a seed. Each seed is hashed into the complete state, so that consecutive seeds give
 * unrelated numbers from the first one on.
 *
 *     const random = createRandom(1);
 *     const die = random.integer(1, 6);
 *     const later = restoreRandom(random.state()); // draws the same numbers as random from now on
 *
 * Source: Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators" (xoroshiro128+), in the
 * implementation of the pure-rand package; hash: the finaliser of MurmurHash3 (Appleby 2011).
 *
 * @param seed - An integer in [0, 2^32 - 1].
 * @returns A new generator, independent of all others.
 * @throws RangeError if `seed` is not an integer in that range; TypeError if it is not a number.
 */
export function createRandom(seed: number): Random {
  assertInteger("seed", seed, 0, MAX_SEED, `an integer from 0 to ${MAX_SEED}`);
  return fromWords([1, 2, 3, 4].map((word) => hash(seed + word * WORD_SPACING)));
}

/**
 * Restores a generator from its state: it continues exactly where `random.state()` was called.
 *
 * @param state - The result of `random.state()`, possibly restored from JSON.
 * @returns A new generator, independent of all others.
 * @throws TypeError if `state` is not such an object; RangeError if its words are not four signed 32-bit integers, at
 *   least one of them nonzero.
 */
export function restoreRandom(state: RandomState): Random {
  assertKeys("state", state, ["algorithm", "words"]);
  const { algorithm, words } = state;
  if (algorithm !== ALGORITHM) {
    throw new TypeError(`state.algorithm: expected "${ALGORITHM}", got ${describe(algorithm)}`);
  }
  assertArray("state.words", words);
  if (words.length !== 4) throw new RangeError(`state.words: expected 4 integers, got ${words.length}`);
  words.forEach((word, index) => {
    assertInteger(`state.words[${index}]`, word, MIN_INT32, MAX_INT32, "a signed 32-bit integer");
  });
  if (words.every((word) => word === 0)) {
    throw new RangeError("state.words: expected at least one integer other than 0, got 0, 0, 0, 0");
  }
  return fromWords(words);
}

/** Throws a TypeError unless `random` is a generator. */
export function assertRandom(random: unknown): void {
  if (typeof (random as Random | undefined | null)?.integer !== "function") {
    throw new TypeError(`random: expected a generator such as createRandom(1), got ${describe(random)}`);
  }
}

/**
 * Draws a uniformly distributed integer from 0 to `count - 1`, of at most 2^32: the same numbers as `uniformInt` of pure-rand, without
 * its checks, which ours are.
 */
function below(generator: RandomGenerator, count: number): number {
  const end = UINT32 - (UINT32 % count);
  let drawn = generator.next() + 2 ** 31;
  while (drawn >= end) drawn = generator.next() + 2 ** 31;
  return drawn % count;
}

function fromWords(words: readonly number[]): Random {
  const generator: RandomGenerator = xoroshiro128plusFromState(words);
  return {
    integer: (min, max) => {
      const isValid = Number.isSafeInteger(min) && Number.isSafeInteger(max) && min <= max;
      if (isValid && max - min < UINT32) return min + below(generator, max - min + 1);
      assertInteger("min", min, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, "an integer");
      assertInteger("max", max, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, "an integer");
      if (min > max) throw new RangeError(`min: expected at most max (${max}), got ${min}`);
      if (max - min > Number.MAX_SAFE_INTEGER) {
        throw new RangeError(`max: expected at most 2^53 - 1 above min (${min}), got ${max}`);
      }
      return uniformInt(generator, min, max);
    },
    state: () => ({ algorithm: ALGORITHM, words: [...generator.getState()] }),
  };
}

/** Hashes 32 bits with a bijection; returns a signed integer. */
function hash(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
