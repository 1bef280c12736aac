/** The command line: lines, last line and exit status. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { availableInstructionSets, whyUnavailable } from "@dnc/engine-native";
import { afterAll, describe, expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("../../parity.mjs", import.meta.url));
const CASES = fileURLToPath(new URL("../cases/", import.meta.url));
const folders = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function folderWith(...cases) {
  const folder = mkdtempSync(join(tmpdir(), "parity-"));
  folders.push(folder);
  for (const name of cases) cpSync(join(CASES, `${name}.json`), join(folder, `${name}.json`));
  return folder;
}

function parity(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: "utf8" });
  return { status, lines: stdout.trimEnd().split("\n"), stderr };
}

it("one line per case, then the count; other files are ignored", () => {
  const folder = folderWith("util-batch-gather__gather", "util-batch-invert-permutation__perm");
  writeFileSync(join(folder, "index.json"), "[]");
  writeFileSync(join(folder, "notes.csv"), "");
  const { status, lines } = parity(folder);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^util-batch-gather__gather; outputs gathered; grads values; absolute .*; relative .*; ok$/);
  expect(lines[1]).toMatch(/^util-batch-invert-permutation__perm; outputs inverse; absolute 0; .*; ok$/);
  expect(lines[2]).toBe("2 passed, 0 failed");
  expect(status).toBe(0);
});

it("a file that cannot be run fails alone", () => {
  const folder = folderWith("util-batch-gather__gather");
  writeFileSync(join(folder, "something.json"), "{}");
  writeFileSync(join(folder, "util-reduce-prod__broken.json"), "[1,");
  const { status, lines } = parity(folder);
  expect(lines[0]).toMatch(/^something; FAIL: unknown kind "something"; expected one of /);
  expect(lines[1]).toMatch(/; ok$/);
  expect(lines[2]).toMatch(/^util-reduce-prod__broken; FAIL: /);
  expect(lines.at(-1)).toBe("1 passed, 2 failed");
  expect(status).toBe(1);
});

it("an empty folder is a failure", () => {
  const { status, lines } = parity(folderWith());
  expect(lines.at(-1)).toBe("0 passed, 0 failed");
  expect(status).toBe(1);
});

it.each([
  ["no folder", [], "expected one folder, got 0"],
  ["two folders", ["a", "b"], "expected one folder, got 2"],
  ["an unknown option", ["a", "--fast"], 'unknown option "--fast"'],
  ["an unknown engine", ["a", "--engine=jax"], "--engine: expected ops or tfjs or wasm or native or webgpu, got jax."],
  ["a folder that is not there", ["no/such/folder"], "cannot read the folder no/such/folder"],
])("%s gets one sentence and the usage", (_, args, why) => {
  const { status, stderr } = parity(...args);
  expect(stderr).toContain(why);
  expect(stderr).toContain("Usage: node tools/parity.mjs DIR");
  expect(status).toBe(2);
});

it.each([
  ["wasm", "avx2", "simd or relaxed-simd"],
  ["native", "simd", "avx512 or avx2 or neon"],
  ["ops", "avx2", "none"],
])("the engine %s has no instruction set %s", (engine, set, expected) => {
  const { status, stderr } = parity(folderWith(), `--engine=${engine}`, `--instruction-set=${set}`);
  expect(stderr).toContain(`--instruction-set: expected ${expected} with engine ${engine}, got ${set}.`);
  expect(status).toBe(2);
});

it.each(["simd", "relaxed-simd"].flatMap((set) => [1, 2].map((threads) => [set, threads])))(
  "the WebAssembly engine computes the cases with %s on %i threads",
  (set, threads) => {
    const { status, lines } = parity(CASES, "--engine=wasm", `--threads=${threads}`, `--instruction-set=${set}`);
    expect(lines.at(-1)).toMatch(/^\d+ passed, 0 failed$/);
    expect(status).toBe(0);
  },
);

describe.skipIf(whyUnavailable() !== undefined)(
  "the native engine (needs the native engine; npm run build:native)",
  () => {
    it.each(availableInstructionSets().flatMap((set) => [1, 2, 3].map((threads) => [set, threads])))(
      "computes the cases with %s on %i threads",
      (set, threads) => {
        const options = ["--engine=native", `--threads=${threads}`, `--instruction-set=${set}`];
        const { status, lines } = parity(CASES, ...options);
        expect(lines.at(-1)).toMatch(/^\d+ passed, 0 failed$/);
        expect(status).toBe(0);
      },
    );
  },
);
