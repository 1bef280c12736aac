/** Tests of the help; those of what it loads need the build. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readCommandLine } from "../../src/flags/command-line.js";
import { parseCommandLine } from "../../src/flags/parse-command-line.js";
import { COMMANDS, EXAMPLES } from "../../src/flags/registry.js";
import { temporaryFolder } from "../support.js";

const COMMAND = fileURLToPath(new URL("../../bin/dnc.js", import.meta.url));

/** Prints the URL of each module that is loaded, on standard error. */
const PRINT_LOADED = `
  import { writeSync } from "node:fs";
  export async function load(url, context, next) {
    writeSync(2, url + "\\n");
    return next(url, context);
  }`;

const dataUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

describe("the help", () => {
  it.each([[["--help"]], [["train", "--help"]], [["help", "report"]], [["--version"]]])(
    "of %j loads no other package of this repository and no TensorFlow.js",
    (args) => {
      const register = `import { register } from "node:module"; register(${JSON.stringify(dataUrl(PRINT_LOADED))});`;
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ["--import", dataUrl(register), COMMAND, ...args],
        {
          encoding: "utf8",
        },
      );
      expect(status).toBe(0);
      expect(stdout).not.toBe("");
      const loaded = stderr.split("\n").filter((url) => url.startsWith("file:"));
      expect(loaded.length).toBeGreaterThan(5);
      expect(
        loaded.filter((url) => !/\/apps\/trainer\/|\/settings\/dist\/(flags|task)\/|\/commander\//.test(url)),
      ).toEqual([]);
    },
  );

  it("ends with examples, in the words that start this program", () => {
    for (const command of [[], ...COMMANDS.map(({ name }) => [name])]) {
      const parsed = parseCommandLine([...command, "--help"], { columns: 80, program: "npm run dnc --" });
      if (parsed.kind !== "help") throw new Error("expected a help");
      const [, examples = ""] = parsed.text.split("\nExamples:\n");
      expect(examples.split("\n").filter((line) => line.startsWith("    npm run dnc -- ")).length).toBeGreaterThan(1);
      for (const line of examples.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  it("has examples that are correct", () => {
    const run = temporaryFolder();
    writeFileSync(join(run, "config.json"), "{}");
    for (const [purpose, words] of [...EXAMPLES, ...COMMANDS.flatMap(({ examples }) => examples)]) {
      const args = words.split(" ").map((word) => word.replace(/\bRUN\b/, run));
      expect(readCommandLine(args).command).toBe(words.endsWith("--help") ? "print" : args[0]);
      expect(purpose).not.toMatch(/[:.]$/);
    }
  });
});
