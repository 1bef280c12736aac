/** Checkpoints that are not what was saved: by accident, and by someone who hashed everything again. */
import { sha256 } from "../src/state/sha256.js";
import { entry, type Files, rawFile, sealed, text, utf8 } from "./files.js";

/** A seeded source of numbers. */
export type Random = {
  /** An integer in [0, bound). */
  below(bound: number): number;
  pick<Item>(items: readonly Item[]): Item;
};

export type Mutation = { readonly kind: string; readonly files: Files };

/** Mulberry32. */
export function seeded(seed: number): Random {
  let state = seed;
  const below = (bound: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
  return { below, pick: (items) => items[below(items.length)] as (typeof items)[number] };
}

const NAMES = ["state.json", "model.safetensors", "optimizer.safetensors"] as const;

/** One bit, one end or one gap of a file changed. */
export function spoilt(random: Random, bytes: Uint8Array): { kind: string; bytes: Uint8Array } {
  const at = random.below(bytes.length);
  const kind = random.pick(["flip", "truncation", "insertion"]);
  if (kind === "truncation") return { kind, bytes: bytes.slice(0, at) };
  if (kind === "insertion") {
    const gap = Uint8Array.from({ length: 1 + random.below(9) }, () => random.pick([0, 0x20, 0x7b, random.below(256)]));
    return { kind, bytes: Uint8Array.of(...bytes.subarray(0, at), ...gap, ...bytes.subarray(at)) };
  }
  const flipped = bytes.slice();
  flipped[at] = (flipped[at] as number) ^ (1 << random.below(8));
  return { kind, bytes: flipped };
}

/** A checkpoint with one file spoilt, and the hashes as they were. */
export function spoiltFile(random: Random, files: Files): Mutation {
  const name = random.pick(NAMES);
  const { kind, bytes } = spoilt(random, files[name]);
  return { kind: `${kind} of ${name}`, files: { ...files, [name]: bytes } };
}

/** A checkpoint with a spoilt model and all hashes right. */
export async function rehashedModel(random: Random, files: Files): Promise<Mutation> {
  const { kind, bytes } = spoilt(random, files["model.safetensors"]);
  return { kind: `${kind}, hashed again`, files: await sealed(bytes, files["optimizer.safetensors"]) };
}

/** A checkpoint with a model that was made to do harm, and all hashes right. */
export async function hostileModel(random: Random): Promise<Mutation> {
  const kind = random.pick(Object.keys(HEADERS));
  const bytes = (HEADERS[kind] as (random: Random) => Uint8Array)(random);
  return { kind, files: await sealed(bytes) };
}

/** A checkpoint with a state.json that was made to do harm, and all hashes right. */
export async function hostileState(random: Random, files: Files): Promise<Mutation> {
  const kind = random.pick(Object.keys(STATES));
  const own = /,\n {4}"state\.json": "[0-9a-f]{64}"/;
  const changed = (STATES[kind] as (json: string, random: Random) => string)(
    text(files["state.json"]).replace(own, ""),
    random,
  );
  const hashed = changed.replace(/"(\n {2}\}\n\}\n)$/, `",\n    "state.json": "${await sha256(utf8(changed))}"$1`);
  return { kind: `state.json: ${kind}`, files: { ...files, "state.json": utf8(hashed) } };
}

/** The same checkpoint with the members of its model's header in another order and white space between them. */
export async function reordered(random: Random, files: Files): Promise<Mutation> {
  const bytes = files["model.safetensors"];
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const members = Object.entries<Record<string, unknown>>(JSON.parse(text(bytes.subarray(8, 8 + length))));
  const space = random.pick(["", " ", "\n", "\t "]);
  const object = (parts: readonly string[]) => `{${space}${shuffled(random, parts).join(`,${space}`)}${space}}`;
  const json = members.map(([name, value]) => {
    const inner = Object.entries(value).map(([key, part]) => `"${key}":${space}${JSON.stringify(part)}`);
    return `${JSON.stringify(name)}${space}:${object(inner)}`;
  });
  const file = rawFile(object(json), bytes.length - 8 - length);
  file.set(bytes.subarray(8 + length), file.length - (bytes.length - 8 - length));
  return { kind: "reordering", files: await sealed(file, files["optimizer.safetensors"]) };
}

function shuffled<Item>(random: Random, items: readonly Item[]): Item[] {
  const left = [...items];
  return items.map(() => left.splice(random.below(left.length), 1)[0] as Item);
}

const REFUSED = ["__proto__", "constructor", "prototype", "\\u005f_proto__", "c\\u006fnstructor"];
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

const HEADERS: Record<string, (random: Random) => Uint8Array> = {
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

const withMember = (member: string) => (json: string) => json.replace("\n", `\n  ${member},\n`);
const STATES: Record<string, (json: string, random: Random) => string> = {
  "other step": (json, random) =>
    json.replace(
      /"step": \d+/,
      `"step": ${random.pick(["-1", "1.5", '"100"', "null", "1e+21", "9007199254740992", "[]", "true", "-0", "100.0", "1e2"])}`,
    ),
  "refused key": (json, random) =>
    withMember(`"${random.pick(REFUSED)}": ${random.pick(["1", "{}", "[]", "null"])}`)(json),
  "refused key further in": (json, random) => withMember(`"x": {\n    "${random.pick(REFUSED)}": {}\n  }`)(json),
  "key twice": (json, random) =>
    withMember(random.pick(['"step": 100', '"format": "dnc-checkpoint"', '"version": 1', '"x": 1,\n  "x": 1']))(json),
  "nesting laid out": (json, random) => {
    const depth = 70 + random.below(300);
    const inner = Array.from({ length: depth }, (_, level) => `${"  ".repeat(level + 2)}[`).join("\n");
    const outer = Array.from({ length: depth }, (_, level) => `${"  ".repeat(depth - level + 1)}]`).join("\n");
    return withMember(`"x": [\n${inner}${outer.slice(outer.indexOf("]"))}\n  ]`)(json);
  },
  "nesting on one line": (json, random) =>
    withMember(`"x": ${random.pick(["[", '{"a":'])}`.padEnd(random.below(100_000) + 10, "["))(json),
  "a long list on one line": (json, random) => withMember(`"x": [${"0,".repeat(random.below(100_000))}0]`)(json),
  "member after the hashes": (json) => json.replace(/\}\n\}\n$/, '},\n  "x": 1\n}\n'),
  "no hashes": (json) => json.replace(/,\n {2}"sha256"[^}]*\}/, ""),
  "hashes of another kind": (json, random) =>
    json.replace(/"sha256": [^}]*\}/, `"sha256": ${random.pick(["null", "[]", '"x"', "{}", "1"])}`),
  "hash in capitals": (json) =>
    json.replace(/"model.safetensors": "[^"]*"/, (hash) =>
      hash.toUpperCase().replace("MODEL.SAFETENSORS", "model.safetensors"),
    ),
  "other format or version": (json, random) =>
    json.replace(
      ...(random.pick([
        ['"dnc-checkpoint"', '"other"'],
        ['"dnc-checkpoint"', "null"],
        ['"version": 1', '"version": 2'],
        ['"version": 1', '"version": 1e+300'],
        ['"version": 1', '"version": "1"'],
        ['"version": 1', '"version": 0'],
      ] as const) as unknown as [string, string]),
    ),
  "number that rounds": (json, random) =>
    withMember(`"x": ${random.pick(["1.0", "1e5", "-0", "1e999", "0.10", "9007199254740993", "1E1", "01"])}`)(json),
  "text that is no JSON": (json, random) =>
    random.pick([
      `\ufeff${json}`,
      `${json}\n`,
      ` ${json}`,
      json.replaceAll("\n", "\r\n"),
      json.trimEnd(),
      json.replace("{", "["),
      `${json}\0`,
      json.replace('"step"', "step"),
      "null\n",
      '""\n',
      "[]\n",
      "{}\n",
    ]),
};
