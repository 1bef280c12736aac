/** Tests a second thread that joins. Needs the build, because V8's flags apply to a process. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import relaxedSimd from "../src/generated/relaxed-simd.js";
import simd from "../src/generated/simd.js";
import { INSTRUCTION_SETS } from "../src/kernel.js";

const JOINS = fileURLToPath(new URL("join/joins.mjs", import.meta.url));
/**
 * V8 with only its baseline compiler, with its defaults, and with only its optimizing compiler; and numbers of joins.
 */
const TIERS = [
  ["--liftoff-only", 6],
  ["--wasm-dynamic-tiering", 3],
  ["--no-liftoff", 3],
] as const;

describe.each(TIERS)("compiled with %s", (flag, count) => {
  it.each(INSTRUCTION_SETS)(
    "threads with spurious wake-ups at barriers compute the same as one thread, with %s",
    (set) => {
      const args = [flag, JOINS, set, String(count)];
      const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
      expect(stderr).toBe("");
      const joins = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(joins).toEqual(Array(count).fill({ threads: 2, differ: null }));
    },
  );
});

it.each(Object.entries({ simd, "relaxed-simd": relaxedSimd }))(
  "no function of %s uses a value after it has slept",
  (_, text) => {
    const [end, drop] = [0x0b, 0x1a];
    const wait32 = Buffer.from([0xfe, 0x01, 2, 0]); // aligned to 2^2, at offset 0
    const bytes = Buffer.from(text, "base64");
    const after: number[][] = [];
    for (let at = bytes.indexOf(wait32); at >= 0; at = bytes.indexOf(wait32, at + 1))
      after.push([...bytes.subarray(at + wait32.length, at + wait32.length + 2)]);
    expect(after).toEqual([[drop, end]]);
  },
);
