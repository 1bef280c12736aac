import { UsageError } from "@dnc/settings";
import { describe, expect, it } from "vitest";
import { readCommandLine } from "../../src/flags/command-line.js";
import { COMMANDS } from "../../src/flags/registry.js";

function textOf(...args: string[]): string {
  const request = readCommandLine(args);
  if (request.command !== "print") throw new Error("expected text, got settings");
  return request.text;
}

describe("help", () => {
  it.each(COMMANDS)("explains every flag of $name with its default, within 100 columns", ({ name, flags }) => {
    const text = textOf(name, "--help");
    for (const flag of flags) {
      expect(text).toMatch(new RegExp(`^  --${flag.name} `, "m"));
      const known = flag.default === false || flag.default === undefined ? "" : `(default: ${flag.default})`;
      expect(text.replaceAll(/\s+/g, " ")).toContain(known);
    }
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(textOf("help", name)).toBe(text);
    expect(textOf(name, "-h")).toBe(text);
    expect(textOf("--help")).toMatch(new RegExp(`^  ${name} `, "m"));
  });

  it("names the paper's symbols", () => {
    const text = textOf("train", "--help");
    for (const symbol of ["N", "W", "R"]) expect(text).toContain(`<${symbol}>`);
  });

  it("is the same for every way to request it", () => {
    expect(textOf("help")).toBe(textOf("--help"));
  });
});

describe("dnc", () => {
  it("knows its version", () => {
    expect(textOf("--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [
      [],
      "expected a command (train, presets, compare, sweep, eval, grade, trace, report, inspect, doctor), got nothing; `dnc --help` lists them",
    ],
    [
      ["trian"],
      'expected a command (train, presets, compare, sweep, eval, grade, trace, report, inspect, doctor), got "trian"; `dnc --help` lists them',
    ],
    [
      ["help", "trian"],
      'expected a command (train, presets, compare, sweep, eval, grade, trace, report, inspect, doctor), got "trian"; `dnc --help` lists them',
    ],
    [
      ["trian", "--seed=3"],
      'expected a command (train, presets, compare, sweep, eval, grade, trace, report, inspect, doctor) first, got "trian"',
    ],
    [
      ["--memory_size=3"],
      'expected a command (train, presets, compare, sweep, eval, grade, trace, report, inspect, doctor) first, got "--memory_size=3"',
    ],
  ])("refuses %j in one sentence", (args, message) => {
    expect(() => readCommandLine(args)).toThrow(new UsageError(message));
  });
});
