/** Malicious changes to a state.json, by the resulting problem. */
import { REFUSED } from "./hostile-headers.js";
import type { Random } from "./random.js";

const withMember = (member: string) => (json: string) => json.replace("\n", `\n  ${member},\n`);
export const STATES: Record<string, (json: string, random: Random) => string> = {
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
