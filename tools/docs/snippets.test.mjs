/** Runs and type-checks the JavaScript of pages that are not a package's README, with the built packages. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import ts from "typescript-api";
import { describe, expect, it } from "vitest";
import { root } from "../pnpm.mjs";
import { snippetsOf } from "./accounts.mjs";
import { docPages } from "./pages.mjs";

const snippets = snippetsOf(docPages()).map((snippet) => ({ ...snippet, name: `${snippet.page}:${snippet.line}` }));

describe("the documentation's JavaScript", () => {
  it("exists: the README begins with some", () => {
    expect(snippets.map(({ page }) => page)).toContain("README.md");
  });

  it.each(snippets)("$name runs, and prints the output in its comments", ({ text: code }) => {
    const output = execFileSync(process.execPath, ["--input-type=module", "--eval", code], {
      cwd: root,
      encoding: "utf8",
    });
    expect(output.trim()).not.toBe("");
    const promised = [...code.matchAll(/console\.log.*\/\/ (\[[\d, ]+\])/g)].map(([, shape]) => shape);
    for (const shape of promised) expect(output.replace(/\s+/g, "")).toContain(shape.replace(/\s+/g, ""));
  });

  it.each(snippets)("$name is correct TypeScript", ({ text: code }) => {
    expect(typeErrors(code)).toEqual([]);
  });

  it("would be incorrect with a tensor of any rank", () => {
    const code = text(
      'import { Dnc, unroll } from "@dnc/core";',
      'import * as tf from "@tensorflow/tfjs";',
      "const inputs = tf.zeros([9, 16, 6]);",
      "unroll(new Dnc({ inputSize: 6, outputSize: 5 }), inputs);",
    );
    expect(typeErrors(code)).toEqual([expect.stringMatching(/^4: Argument of type 'Tensor<Rank>' is not assignable/)]);
  });
});

function text(...lines) {
  return `${lines.join("\n")}\n`;
}

/** Returns the errors of strict TypeScript in a module at the clone's root. */
function typeErrors(code) {
  const file = join(root, "snippet.mts");
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? code : readFile(name));
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, code, options.target) : getSourceFile.call(host, name, ...rest);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file: where, start, messageText }) => {
    const line = where ? where.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}
