import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { shellCommand, shellWord } from "../src/shell-word.js";
import { visibleText } from "../src/visible.js";

const HOSTILE = [
  "plain-name_1.2/x",
  "two words",
  "it's",
  '"$HOME" `id` $(id) \\ ! # & ; | < > * ? [a] {b} ~',
  "",
  "-n",
  "--seed=3",
  "$'\\n'",
  "line\nbreak",
  "ends with a line\n",
  "\x1b[31mred\x1b[0m",
  "\x01\x02",
  "100%s %d \\033",
  "\u202eturned\u0085",
  "é語😀",
];

it("is parsed by a shell as one identical word", () => {
  const words = ["printf", "%s\\0", ...HOSTILE];
  for (const shell of ["sh"]) {
    const { stdout } = spawnSync(shell, ["-c", shellCommand(words)], { encoding: "utf8", env: { HOME: "/home" } });
    expect(stdout.split("\0").slice(0, -1)).toEqual(HOSTILE);
  }
});

it("can be shown as it is, and is not quoted without need", () => {
  for (const word of HOSTILE) expect(visibleText(shellWord(word))).toBe(shellWord(word));
  expect(shellWord("runs/copy-2025-seed7")).toBe("runs/copy-2025-seed7");
  expect(shellWord("two words")).toBe("'two words'");
});
