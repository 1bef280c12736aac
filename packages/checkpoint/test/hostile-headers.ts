/** Malicious tensor files, by their problem. */
import { entry, rawFile, utf8 } from "./files.js";
import { type Random, shuffled } from "./random.js";

/** Names that no file may use, plain and escaped. */
export const REFUSED = ["__proto__", "constructor", "prototype", "\\u005f_proto__", "c\\u006fnstructor"];
const whole = entry("a", "[2]", "[0,8]");
const numbers = (token: string, random: Random) =>
  rawFile(
    random.pick([
      `{${entry("a", `[${token}]`, "[0,8]")}}`,
      `{${entry("a", "[2]", `[${token},8]`)}}`,
      `{${entry("a", "[2]", `[0,${token}]`)}}`,
    ]),
    8,
  );

export const HEADERS: Record<string, (random: Random) => Uint8Array> = {
  "huge header length": (random) =>
    rawFile(
      `{${whole}}`,
      8,
      random.pick([
        2n ** 63n,
        2n ** 64n - 1n,
        2n ** 53n,
        2n ** 53n + 1n,
        2n ** 32n + 5n,
        100_000_001n,
        100_000_000n,
        1_000n,
      ]),
    ),
  "negative number": (random) => numbers(`-${random.below(9)}`, random),
  "overlapping offsets": (random) => {
    const begin = random.below(2);
    return rawFile(`{${whole},${entry("b", "[2]", `[${4 * begin},${4 * begin + 8}]`)}}`, 8 + 4 * begin);
  },
  "hole between tensors": (random) => {
    const begin = 9 + random.below(100);
    return rawFile(`{${whole},${entry("b", "[2]", `[${begin},${begin + 8}]`)}}`, begin + 8);
  },
  "bytes that no tensor has": (random) => rawFile(`{${whole}}`, 9 + random.below(1000)),
  "offsets beyond the file": (random) => rawFile(`{${entry("a", "[2]", `[0,${2 ** (4 + random.below(50))}]`)}}`, 8),
  "offsets the wrong way round": (random) => rawFile(`{${entry("a", "[0]", `[${1 + random.below(8)},0]`)}}`, 8),
  "number of over 2^53": (random) =>
    numbers(
      random.pick([
        "9007199254740992",
        "18446744073709551616",
        "18446744073709551618",
        "9".repeat(1 + 16 + random.below(5000)),
      ]),
      random,
    ),
  "shape whose product is 0 modulo 2^64": (random) => {
    const first = 12 + random.below(40);
    const second = random.below(62 - first);
    const shape = [
      2 ** first,
      2 ** second,
      2 ** Math.min(52, 62 - first - second),
      2 ** Math.max(0, 10 - first - second),
    ];
    return rawFile(`{${entry("a", `[${shuffled(random, [...shape, 2 ** 10, 2 ** 52])}]`, "[0,0]")}}`);
  },
  "shape of many dimensions": (random) =>
    rawFile(`{${entry("a", `[${Array(100 + random.below(20_000)).fill(2)}]`, "[0,8]")}}`, 8),
  "name twice": (random) =>
    rawFile(`{${whole},${entry(random.pick(["a", "\\u0061"]), "[2]", random.pick(["[0,8]", "[8,16]"]))}}`, 8),
  "refused tensor name": (random) => rawFile(`{${entry(random.pick(REFUSED), "[2]", "[0,8]")}}`, 8),
  "refused key in an entry": (random) =>
    rawFile(`{${whole.replace("{", `{"${random.pick(REFUSED)}":{"polluted":1},`)}}`, 8),
  "refused key in metadata": (random) => rawFile(`{"__metadata__":{"${random.pick(REFUSED)}":"polluted"},${whole}}`, 8),
  "metadata of another kind": (random) =>
    rawFile(
      `{"__metadata__":${random.pick(["null", "[]", '{"a":1}', '{"a":{"b":"c"}}', '"a"', '{"a":"b","a":"b"}', '{},"__metadata__":{}'])},${whole}}`,
      8,
    ),
  "deep nesting": (random) => {
    const nested = random.pick(["[", '{"a":', '[{"a":']).repeat(1 + random.below(50_000));
    return rawFile(
      random.pick([
        nested,
        `{"a":${nested}`,
        `{"a":{"shape":${nested}`,
        `{"__metadata__":${nested}`,
        `{"a":{"dtype":${nested}`,
      ]),
    );
  },
  "invalid UTF-8": (random) => {
    const wrong = random.pick([
      [0xff],
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe2, 0x82],
      [0x80],
    ]);
    const header = utf8(`{${entry("??????", "[2]", "[0,8]")}}`);
    header.set(wrong, 2 + random.below(3));
    return rawFile(header, 8);
  },
  "lone surrogate": (random) =>
    rawFile(`{${entry(`a\\u${(0xd800 + random.below(0x800)).toString(16)}b`, "[2]", "[0,8]")}}`, 8),
  "number in other words": (random) =>
    numbers(
      random.pick([
        "2e0",
        "2.0",
        "2E+1",
        "+2",
        "0x2",
        "02",
        '"2"',
        "null",
        "true",
        "2 2",
        "[2]",
        "",
        "NaN",
        "Infinity",
        "1e400",
        "2n",
        "٢",
      ]),
      random,
    ),
  "other dtype": (random) =>
    rawFile(
      `{${entry("a", "[2]", "[0,8]", random.pick(["f32", "F128", "", "F32 ", "__proto__", "F4", "C64", "F16"]))}}`,
      8,
    ),
  "member too few or too many": (random) => {
    const parts = ['"dtype":"F32"', '"shape":[2]', '"data_offsets":[0,8]', '"more":1', '"dtype":"F32"'];
    const few = parts.slice(0, 3).filter((_, index) => index !== random.below(3));
    return rawFile(`{"a":{${random.pick([parts.slice(0, 4), parts, few.slice(0, 2)]).join(",")}}}`, 8);
  },
  "text that is no JSON": (random) =>
    rawFile(
      random.pick([
        `\ufeff{${whole}}`,
        ` {${whole}}`,
        `{${whole},}`,
        `{${whole}}}`,
        `{${whole}}\n`,
        `{${whole}}\0`,
        `{/**/${whole}}`,
        `[{${whole}}]`,
        `{'a':1}`,
        `{${whole} ${whole}}`,
        "null",
        "",
      ]),
      8,
    ),
};
