import fc from "fast-check";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { createRandom, type Random, restoreRandom } from "../src/random.js";

const RUNS = { seed: 1, numRuns: 50 };

const draws = (random: Random, count: number, min: number, max: number) =>
  Array.from({ length: count }, () => random.integer(min, max));

describe("createRandom", () => {
  it("draws these numbers from seed 1 on every machine", () => {
    const random = createRandom(1);
    expect(draws(random, 12, 0, 99)).toEqual([27, 75, 65, 70, 50, 89, 0, 50, 59, 33, 81, 89]);
    expect(draws(random, 4, -(2 ** 40), 2 ** 40)).toEqual([390732654510, 1054673854064, 684117459787, -980161444264]);
    expect(random.state()).toEqual({
      algorithm: "xoroshiro128plus",
      words: [1121757654, -710497519, -980901218, 663555942],
    });
  });

  it("draws what pure-rand's uniformInt draws, for ranges of every size", () => {
    const ranges = [1, 2, 3, 7, 1000, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 40 + 5];
    for (const range of ranges) {
      const random = createRandom(9);
      const generator = xoroshiro128plusFromState(random.state().words);
      const drawn = Array.from({ length: 200 }, () => random.integer(-5, range - 6));
      expect(drawn).toEqual(Array.from({ length: 200 }, () => uniformInt(generator, -5, range - 6)));
    }
  });

  it("stays within its bounds and reaches every integer between them", () => {
    const random = createRandom(2);
    expect(new Set(draws(random, 200, -2, 2))).toEqual(new Set([-2, -1, 0, 1, 2]));
    expect(draws(random, 3, 7, 7)).toEqual([7, 7, 7]);
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(Number.MAX_SAFE_INTEGER), (start, span) => {
        const max = Math.min(start + span, Number.MAX_SAFE_INTEGER);
        const drawn = random.integer(start, max);
        expect(Number.isInteger(drawn) && drawn >= start && drawn <= max).toBe(true);
      }),
      RUNS,
    );
  });

  it("is uniform if 2^32 is not a multiple of the range", () => {
    const random = createRandom(3);
    const third = 2 ** 30; // a remainder of 32 bits would be below it half of the time
    const below = draws(random, 6000, 0, 3 * third - 1).filter((drawn) => drawn < third).length;
    expect(below / 6000).toBeAllClose(1 / 3, { absolute: 0.02 });
  });

  it("is uniform over consecutive seeds from the first number on", () => {
    const firsts = Array.from({ length: 4000 }, (_, seed) => createRandom(seed).integer(0, 1));
    const share = (bits: readonly number[]) => bits.reduce((sum, bit) => sum + bit, 0) / bits.length;
    expect(share(firsts)).toBeAllClose(0.5, { absolute: 0.03 });
    const changes = firsts.slice(1).map((bit, index) => bit ^ (firsts[index] as number));
    expect(share(changes)).toBeAllClose(0.5, { absolute: 0.03 });
  });

  it.each([
    [() => createRandom(-1), RangeError, "seed: expected an integer from 0 to 4294967295, got -1"],
    [() => createRandom(1.5), RangeError, "seed: expected an integer from 0 to 4294967295, got 1.5"],
    [() => createRandom(2 ** 32), RangeError, "seed: expected an integer from 0 to 4294967295, got 4294967296"],
    [() => createRandom("1" as never), TypeError, 'seed: expected an integer from 0 to 4294967295, got "1"'],
    [() => createRandom(1).integer(2, 1), RangeError, "min: expected at most max (1), got 2"],
    [() => createRandom(1).integer(0.5, 1), RangeError, "min: expected an integer, got 0.5"],
    [() => createRandom(1).integer(0, Number.NaN), RangeError, "max: expected an integer, got NaN"],
    [() => createRandom(1).integer(0, undefined as never), TypeError, "max: expected an integer, got undefined"],
    [
      () => createRandom(1).integer(-1, Number.MAX_SAFE_INTEGER),
      RangeError,
      "max: expected at most 2^53 - 1 above min (-1), got 9007199254740991",
    ],
  ])("rejects invalid arguments by name: %s", (call, Kind, message) => {
    expect(call).toThrow(new Kind(message));
  });
});

describe("restoreRandom", () => {
  it("continues exactly from the state, also after conversion to JSON", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), fc.nat(40), (seed, before) => {
        const random = createRandom(seed);
        draws(random, before, 0, 9);
        const restored = restoreRandom(JSON.parse(JSON.stringify(random.state())));
        expect(draws(restored, 20, 0, 1e6)).toEqual(draws(random, 20, 0, 1e6));
        expect(restored.state()).toEqual(random.state());
      }),
      RUNS,
    );
  });

  it("shares nothing with the state or the original generator", () => {
    const random = createRandom(4);
    const state = random.state();
    const expected = draws(restoreRandom(state), 5, 0, 99);
    draws(random, 7, 0, 99);
    expect(draws(restoreRandom(state), 5, 0, 99)).toEqual(expected);
  });

  const algorithm = "xoroshiro128plus";
  it.each([
    [null, TypeError, "state: expected an object, got null"],
    [{ algorithm: "mt", words: [1, 2, 3, 4] }, TypeError, 'state.algorithm: expected "xoroshiro128plus", got "mt"'],
    [
      { algorithm, words: [1, 2, 3, 4], seed: 1 },
      TypeError,
      'unknown state key "seed"; expected one of algorithm, words',
    ],
    [{ algorithm }, TypeError, "state.words: expected an array, got undefined"],
    [{ algorithm, words: [1, 2, 3] }, RangeError, "state.words: expected 4 integers, got 3"],
    [
      { algorithm, words: [1, 2, 2 ** 31, 4] },
      RangeError,
      "state.words[2]: expected a signed 32-bit integer, got 2147483648",
    ],
    [
      { algorithm, words: [0, 0, 0, 0] },
      RangeError,
      "state.words: expected at least one integer other than 0, got 0, 0, 0, 0",
    ],
  ])("rejects %j with a reason", (state, Kind, message) => {
    const call = () => restoreRandom(state as never);
    expect(call).toThrow(new Kind(message));
  });
});
