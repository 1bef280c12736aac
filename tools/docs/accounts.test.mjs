import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../pnpm.mjs";
import { accountant, partsOf } from "./accounts.mjs";
import { COMMANDS } from "./clone/commands.mjs";
import { programOf } from "./commands.mjs";
import { EXCEPTIONS } from "./exceptions.mjs";
import { readBlocks } from "./page.mjs";
import { docPages } from "./pages.mjs";

const pages = docPages();
const parts = pages.flatMap(partsOf);
const clone = COMMANDS.map(({ command }) => command);
const ci = readFileSync(join(root, ".ci/run"), "utf8");
const runnerOf = accountant({ clone, ci, exceptions: EXCEPTIONS });

/** Lists the positions of the parts that nothing runs. */
function notRun(found, runner) {
  return found.filter((part) => !runner(part)).map(({ page, line, text }) => `${page}:${line}: ${text}`);
}

describe("the documentation", () => {
  it("has its pages among those that are checked", () => {
    const names = pages.map(({ page }) => page);
    const expected = ["README.md", "bench/README.md", "docs/guide/gpu.md", "tools/parity/cases/README.md"];
    expect(names).toEqual(expect.arrayContaining([...expected, "packages/core/README.md", "apps/trainer/README.md"]));
    expect(names.filter((page) => page.startsWith("docs/decisions/")).length).toBeGreaterThan(9);
    expect(names.filter((page) => page.includes("CHANGELOG") || page.startsWith("bench/results/"))).toEqual([]);
  });

  it("shows no command and no code that is neither run nor listed as an exception", () => {
    expect(parts.length).toBeGreaterThan(80);
    expect(notRun(parts, runnerOf)).toEqual([]);
  });

  it("shows no invalid JSON", () => {
    for (const { page, markdown } of pages)
      for (const { language, code, line } of readBlocks(markdown))
        if (language === "json") expect(isJson(code), `${page}:${line}`).toBe(true);
  });

  it.each(clone)("still has the command %s", (command) => {
    expect(parts.some(({ block, text }) => !block && programOf(text) === programOf(command))).toBe(true);
  });

  it("gives a reason for each command that is run differently than shown", () => {
    for (const { command, as, until, because } of COMMANDS) if (as ?? until) expect(because, command).toMatch(/\w/);
  });
});

describe.each(EXCEPTIONS)("the exception $command", (exception) => {
  const { command, because, instead } = exception;

  it("refers to something in the documentation that is not run", () => {
    const others = accountant({ clone, ci, exceptions: EXCEPTIONS.filter((each) => each !== exception) });
    const itsOwn = parts.filter(({ block, text }) => !block && programOf(text) === programOf(command));
    expect(because).toMatch(/\w/);
    expect(itsOwn.length, command).toBeGreaterThan(0);
    expect(itsOwn.filter(others)).toEqual([]);
  });

  if (instead === undefined) return;
  it("has a command that is run instead", () => {
    const runners = accountant({ clone, ci, exceptions: [] });
    expect(runners({ page: "README.md", line: 1, text: instead })).toBeDefined();
  });
});

describe("accountant", () => {
  const runner = accountant({
    clone: ["npm start -- --seed=1"],
    ci: "# npm run build\nstep 'npm run api' npm test\nif npm run setup:node </dev/null; then\nstep a npm run lint\nstep npm run test:compat -- --quick\n",
    exceptions: [{ command: "npm run docs" }, { command: "npm run bench -- --json" }],
  });
  const left = (page, ...lines) => notRun(partsOf({ page, markdown: lines.join("\n") }), runner);

  it("finds what runs in the clone and in .ci/run, by the program started", () => {
    expect(left("a.md", "`dnc train --seed=1`", "`npm test`, `npm run setup:node`", "`npm run lint`")).toEqual([]);
  });

  it("finds releases with the flags of their tests", () => {
    expect(left("a.md", "`npm run release`, `npm run release -- --dry_run`")).toEqual([]);
    expect(left("a.md", "`npm run release -- --never`")).toEqual(["a.md:1: npm run release -- --never"]);
  });

  it("finds test:compat with any valid flags if .ci/run runs a part of it", () => {
    expect(left("a.md", "`npm run test:compat`, `npm run test:compat -- --node=22 --quick`")).toEqual([]);
    for (const flags of ["--nosuch=1", "--quick=1", "quick", "--node"]) {
      const command = `npm run test:compat -- ${flags}`;
      expect(left("a.md", `\`${command}\``)).toEqual([`a.md:1: ${command}`]);
    }
    const without = accountant({ clone: [], ci: "npm test", exceptions: [] });
    expect(without({ page: "a.md", line: 1, text: "npm run test:compat" })).toBeUndefined();
  });

  it("finds test:docs and .ci/run, and no suite that .ci/run leaves out", () => {
    expect(left("a.md", "`npm run test:docs`, `.ci/run`")).toEqual([]);
    const commands = [
      "npm run test:release",
      "npm run test:docs -- --nosuch",
      ".ci/run --nosuch",
      "npm test -- --nosuch",
    ];
    for (const command of commands) expect(left("a.md", `\`${command}\``)).toEqual([`a.md:1: ${command}`]);
  });

  it("finds a command within output, and ignores output without one", () => {
    expect(left("a.md", "```", "$ npm run build", "```", "```text", "nodes: 1", "  python3 a.py", "```")).toEqual([
      "a.md:2: npm run build",
      "a.md:6: python3 a.py",
    ]);
    expect(left("a.md", "```", "npm test", "0 passed", "```", "```json", "{}", "```")).toEqual([]);
  });

  it("reports page, line and text of what is not run", () => {
    const page = [
      "`npm run build`",
      "```sh",
      "ls",
      "npm start -- --seed=2",
      "```",
      "    npm run api",
      "",
      "```ts",
      "a;",
      "```",
    ];
    expect(left("b.md", ...page)).toEqual([
      "b.md:8: a;\n",
      "b.md:1: npm run build",
      "b.md:3: ls",
      "b.md:4: npm start -- --seed=2",
      "b.md:6: npm run api",
    ]);
  });

  it("applies an exception only to exactly its command", () => {
    expect(left("c.md", "`npm run docs`, `npm run bench -- --json`")).toEqual([]);
    for (const command of ["npm run docs -- --a", "npm run docs:check", "npm run bench", "npm run bench -- --json --b"])
      expect(left("c.md", `\`${command}\``)).toEqual([`c.md:1: ${command}`]);
  });

  it("finds the tutorial by its files and commands, not by its sentences", () => {
    const page = ["`a.mjs`:", "```js", "1;", "```", "```sh", "node a.mjs", "```", "`node b.mjs`", "```js", "2;", "```"];
    expect(left("docs/guide/your-own-task.md", ...page)).toEqual([
      "docs/guide/your-own-task.md:9: 2;\n",
      "docs/guide/your-own-task.md:8: node b.mjs",
    ]);
  });

  it("finds example programs that a test starts, and excerpts of their files", () => {
    const server = readFileSync(join(root, "examples/server/server.js"), "utf8");
    const line = server.split("\n").find((each) => each.includes("loadNetwork(run)"));
    const excerpt = (text) => ["`examples/server/server.js`:", "```js", text, "```"];
    expect(left("d.md", "`node examples/server/server.js RUN`", ...excerpt(line))).toEqual([]);
    expect(left("d.md", "`node examples/server/sessions.js`", ...excerpt("x;"))).toEqual([
      "d.md:3: x;\n",
      "d.md:1: node examples/server/sessions.js",
    ]);
  });

  it("finds the parts of a package's README, but not the same code on another page", () => {
    const readme = readFileSync(join(root, "packages/core/README.md"), "utf8");
    expect(left("packages/core/README.md", ...readme.split("\n"))).toEqual([
      "packages/core/README.md:47: npm ls @tensorflow/tfjs-layers",
    ]);
    expect(left("packages/core/README.md", "```js", "1;", "```", "    npm install @dnc/core")).toEqual([
      "packages/core/README.md:1: 1;\n",
    ]);
  });
});

/** Whether a text is JSON, or each of its lines is. */
function isJson(text) {
  const parses = (each) => {
    try {
      JSON.parse(each);
      return true;
    } catch {
      return false;
    }
  };
  return parses(text) || text.trim().split("\n").every(parses);
}
