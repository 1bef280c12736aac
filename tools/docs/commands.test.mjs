import { describe, expect, it } from "vitest";
import { programOf, readCommands } from "./commands.mjs";

const page = (...lines) => lines.join("\n");

describe("readCommands", () => {
  it("finds each line of a shell's block, without comments", () => {
    const text = page(
      "```sh",
      "npm start    # trains",
      "# nothing else",
      "",
      "ls runs",
      "npm test -- \\",
      "  --bail",
      "```",
    );
    expect(readCommands(text)).toEqual([
      { text: "npm start", line: 2, place: "sh" },
      { text: "ls runs", line: 5, place: "sh" },
      { text: "npm test -- --bail", line: 6, place: "sh" },
    ]);
  });

  it("finds indented lines that are commands, with the variables that are set for them", () => {
    const text = page("So:", "", "    node a.mjs  # why", "    x = y + z", "    NAME=value npm start");
    expect(readCommands(text)).toEqual([
      { text: "node a.mjs", line: 3, place: "indented" },
      { text: "NAME=value npm start", line: 5, place: "indented" },
    ]);
  });

  it("finds commands in backticks, over the end of a line too, and in tables and comments", () => {
    const text = page(
      "`npm test` and `npm",
      "run lint`, in ``npx a`` or `dnc",
      "",
      "train`, not `npm` nor `nodes x`.",
      "",
      "<!-- `pnpm b` -->",
      "| `a` | `dnc doctor` |",
    );
    expect(readCommands(text)).toEqual([
      { text: "npm test", line: 1, place: "prose" },
      { text: "npm run lint", line: 1, place: "prose" },
      { text: "npx a", line: 2, place: "prose" },
      { text: "pnpm b", line: 6, place: "prose" },
      { text: "dnc doctor", line: 7, place: "prose" },
    ]);
  });

  it("finds commands in backticks in a shell's comments", () => {
    expect(readCommands(page("```sh", "ls   # or `npm test`, `ls -l`", "```"))).toEqual([
      { text: "ls", line: 2, place: "sh" },
      { text: "npm test", line: 2, place: "prose" },
    ]);
  });

  it("finds Python and .ci/run in backticks and on indented lines", () => {
    const text = page(
      "`python3 a.py`, `.ci/run`, not `.ci/runs`",
      "",
      "    python3 b.py",
      "    .ci/run # all",
      "    .ci/runs",
    );
    expect(readCommands(text)).toEqual([
      { text: "python3 a.py", line: 1, place: "prose" },
      { text: ".ci/run", line: 1, place: "prose" },
      { text: "python3 b.py", line: 3, place: "indented" },
      { text: ".ci/run", line: 4, place: "indented" },
    ]);
  });

  it("finds commands in output, also after a prompt", () => {
    const text = page(
      "```",
      "$ npm start",
      "step 1",
      "```",
      "",
      "```text",
      "dnc doctor",
      "nodes 2",
      "git works",
      "```",
    );
    expect(readCommands(text)).toEqual([
      { text: "npm start", line: 2, place: "output" },
      { text: "dnc doctor", line: 7, place: "output" },
    ]);
    expect(readCommands(page("```sh", "$ ls", "```", "", "    $ npm test"))).toEqual([
      { text: "ls", line: 2, place: "sh" },
      { text: "npm test", line: 5, place: "indented" },
    ]);
  });

  it("finds nothing in blocks of code", () => {
    expect(readCommands(page("```js", "npm start", "`npm test`", "```"))).toEqual([]);
  });
});

describe("programOf", () => {
  it("is the same for commands that start the same program", () => {
    for (const command of [
      "npm run dnc -- train --seed=1",
      "npm start -- --seed=1",
      "dnc train  --seed=1",
      "A=b npm start -- --seed=1",
    ])
      expect(programOf(command)).toBe("node tools/dnc.mjs train --seed=1");
    expect(programOf("npm run --silent bench -- --json")).toBe("node tools/bench.mjs --json");
    expect(programOf("npm test")).toBe("node tools/test.mjs");
  });

  it("is the command itself if it is not a script", () => {
    expect(programOf("npm install @dnc/core")).toBe("npm install @dnc/core");
    expect(programOf("node tools/parity.mjs DIR")).toBe("node tools/parity.mjs DIR");
  });

  it("reports a script that does not exist", () => {
    expect(() => programOf("npm run nothing -- --a")).toThrow(
      new RangeError("npm run nothing -- --a: package.json has no script nothing"),
    );
  });
});
