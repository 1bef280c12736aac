import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "../pnpm.mjs";
import { problemsOf } from "../release/tarball.mjs";

const MANIFEST = {
  name: "@dnc/addressing",
  version: "1.2.0",
  license: "Apache-2.0",
  sideEffects: false,
  exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" }, "./package.json": "./package.json" },
  publishConfig: { access: "public" },
  dependencies: { "@dnc/access": "^1.0.0" },
  peerDependencies: { "@tensorflow/tfjs-core": "^4.22.0" },
};

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dnc-tarball-"));
  cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  write("README.md", "# @dnc/addressing\n\nWhere to look.\n");
  write("CHANGELOG.md", "# @dnc/addressing\n\n## 1.2.0\n\nMore.\n");
  manifest({});
  write("src/index.ts", CODE);
  compiled("dist/index.js", "../src/index.ts");
  compiled("dist/index.d.ts", "../src/index.ts");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file, text) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** Creates the package's manifest with changed fields. */
function manifest(fields) {
  write("package.json", JSON.stringify({ ...MANIFEST, ...fields }));
}

/** A file in `dist` and its map, or with other fields in it. */
function compiled(file, source, fields = {}) {
  write(file, `${CODE}//# sourceMappingURL=${basename(file)}.map\n`);
  map(`${file}.map`, source, fields);
}

function map(file, source, fields = {}) {
  write(file, JSON.stringify({ version: 3, sources: [source], mappings: MAPPINGS, ...fields }));
}

/** Maps columns 1, 14 and 21 (the end) of line 1 in both files. */
const CODE = "export const one = 1;\n";
const MAPPINGS = "AAAA,aAAa,QAAQ";

const remove = (file) => rmSync(join(folder, file));

const INDEX = "dist/index.js.map";
const TYPES_FIRST = "exports has an entry without types, or not with types first";

/** Each problem: how to create it in a package, and the expected message. */
const FAULTS = {
  "no licence": [() => remove("LICENSE"), ["LICENSE is missing", "LICENSE is not the repository's"]],
  "another licence": [() => write("LICENSE", "All rights reserved\n"), ["LICENSE is not the repository's"]],
  "another licence in its manifest": [() => manifest({ license: "MIT" }), ["LICENSE is not the repository's"]],
  "another package's README": [
    () => write("README.md", "# @dnc/access\n"),
    ["README.md does not begin with @dnc/addressing"],
  ],
  "a changelog without the version": [
    () => write("CHANGELOG.md", "# @dnc/addressing\n\n## 1.2.0-next.1\n\n## 1.1.0\n"),
    ["CHANGELOG.md says nothing of 1.2.0"],
  ],
  "a test": [() => write("src/one.test.ts", ""), ["src/one.test.ts is not for users"]],
  "a test by the name that another runner gives it": [
    () => write("src/__tests__.ts", ""),
    ["src/__tests__.ts is not for users"],
  ],
  "a folder of such tests": [() => write("src/__tests__/one.ts", ""), ["src/__tests__/one.ts is not for users"]],
  "a benchmark": [() => write("src/one.bench.ts", ""), ["src/one.bench.ts is not for users"]],
  "a compiled test": [
    () => compiled("dist/test/index.js", "../../src/index.ts"),
    ["dist/test/index.js is not for users", "dist/test/index.js.map is not for users"],
  ],
  "build information": [() => write("dist/tsconfig.tsbuildinfo", "{}"), ["dist/tsconfig.tsbuildinfo is not for users"]],
  "a file of the workspace": [() => write("tsconfig.json", "{}"), ["tsconfig.json is not for users"]],
  "a map without its source": [
    () => compiled("dist/gone.js", "../src/gone.ts"),
    ["dist/gone.js.map: its source src/gone.ts is missing"],
  ],
  "a map without sources": [
    () => map(INDEX, undefined, { sources: [] }),
    ["dist/index.js.map: expected one source, got 0"],
  ],
  "a map with two sources": [
    () => map(INDEX, undefined, { sources: ["../src/index.ts", "../src/index.ts"] }),
    ["dist/index.js.map: expected one source, got 2"],
  ],
  "a map with another file's source": [
    () => {
      write("src/other.ts", CODE);
      map(INDEX, "../src/other.ts");
    },
    ["dist/index.js.map: its source src/other.ts is that of another file"],
  ],
  "a map whose compiled file is gone": [
    () => remove("dist/index.d.ts"),
    ["./dist/index.d.ts is named in package.json and missing", "dist/index.d.ts.map is the map of nothing"],
  ],
  "a compiled file with the map of another": [
    () => write("dist/index.js", `${CODE}//# sourceMappingURL=index.d.ts.map\n`),
    ["dist/index.js names index.d.ts.map for its source map"],
  ],
  "a map that is no JSON": [() => write(INDEX, "{"), ["dist/index.js.map is no source map"]],
  "a map that is null": [() => write(INDEX, "null"), ["dist/index.js.map is no source map"]],
  "a map of another version": [
    () => map(INDEX, "../src/index.ts", { version: 2 }),
    ["dist/index.js.map is no source map"],
  ],
  "a map without mappings": [
    () => map(INDEX, "../src/index.ts", { mappings: undefined }),
    ["dist/index.js.map is no source map"],
  ],
  "a map with a source that is no text": [() => map(INDEX, 1), ["dist/index.js.map is no source map"]],
  "a map that maps none of the code": [
    () => map(INDEX, "../src/index.ts", { mappings: ";" }),
    ["dist/index.js.map maps nothing"],
  ],
  "a map that says of the code only that it comes from nowhere": [
    () => map(INDEX, "../src/index.ts", { mappings: "A,C" }),
    ["dist/index.js.map maps nothing"],
  ],
  "a map with a sign that is no digit": [
    () => map(INDEX, "../src/index.ts", { mappings: "AAAA,A?AA" }),
    ['dist/index.js.map cannot be read: "A?AA" is no mapping'],
  ],
  "a map with a number that does not end": [
    () => map(INDEX, "../src/index.ts", { mappings: "AAAAg" }),
    ['dist/index.js.map cannot be read: "AAAAg" is no mapping'],
  ],
  "a map with a segment of three numbers": [
    () => map(INDEX, "../src/index.ts", { mappings: "AAAA;AAA" }),
    ['dist/index.js.map cannot be read: "AAA" is no mapping'],
  ],
  "a map to a line after the end of the source": [
    () => map(INDEX, "../src/index.ts", { mappings: "AAAA,CAEA" }),
    ["dist/index.js.map maps 1:2 to 3:1: one of them is outside its file"],
  ],
  "a map to a line before the beginning": [
    () => map(INDEX, "../src/index.ts", { mappings: "AAAA,CADA" }),
    ["dist/index.js.map maps 1:2 to 0:1: one of them is outside its file"],
  ],
  "a map to a column after the end of its line": [
    () => map(INDEX, "../src/index.ts", { mappings: "AAAA,CAAsB" }),
    ["dist/index.js.map maps 1:2 to 1:23: one of them is outside its file"],
  ],
  "a map from a line that the compiled file has not": [
    () => map(INDEX, "../src/index.ts", { mappings: "AAAA;;;AAAA" }),
    ["dist/index.js.map maps 4:1 to 1:1: one of them is outside its file"],
  ],
  "a map to a source that it does not have": [
    () => map(INDEX, "../src/index.ts", { mappings: "AAAA,CCAA" }),
    ["dist/index.js.map maps 1:2 to 1:1: one of them is outside its file"],
  ],
  "a map with an older source in it": [
    () => map(INDEX, "../src/index.ts", { sourcesContent: ["export const one = 2;\n"] }),
    ["dist/index.js.map holds another src/index.ts"],
  ],
  "a map that is named and missing": [() => remove("dist/index.js.map"), ["dist/index.js.map is missing"]],
  "a compiled file without a map": [
    () => write("dist/other.js", "export {};\n"),
    ["dist/other.js names no source map"],
  ],
  "a library that claims side effects": [() => manifest({ sideEffects: true }), ["sideEffects is true"]],
  "a library that says nothing of side effects": [
    () => manifest({ sideEffects: undefined }),
    ["sideEffects is undefined"],
  ],
  "an engine that claims none": [
    () => {
      manifest({ name: "@dnc/engine-wasm" });
      write("README.md", "# @dnc/engine-wasm\n");
    },
    ["sideEffects is false"],
  ],
  "a range of the workspace": [
    () => manifest({ dependencies: { "@dnc/access": "workspace:^" } }),
    ['the range of @dnc/access is "workspace:^"'],
  ],
  "a range that takes anything": [
    () => manifest({ peerDependencies: { "@tensorflow/tfjs-core": "*" } }),
    ['the range of @tensorflow/tfjs-core is "*"'],
  ],
  "a binary of another version": [
    () => manifest({ optionalDependencies: { "@dnc/engine-native-linux-x64": "^1.2.0" } }),
    ['the range of @dnc/engine-native-linux-x64 is "^1.2.0": expected the version 1.2.0 of this package'],
  ],
  "a script that would run where it is installed": [
    () => manifest({ scripts: { build: "tsc", postinstall: "node a.js" } }),
    ['it would run "postinstall" where it is installed'],
  ],
  "access for its owners only": [() => manifest({ publishConfig: {} }), ["publishConfig.access is not public"]],
  "an export that is missing": [
    () => {
      const target = { types: "./dist/index.d.ts", default: "./dist/layers.js" };
      manifest({ exports: { ...MANIFEST.exports, "./layers": target } });
    },
    ["./dist/layers.js is named in package.json and missing"],
  ],
  "a command that is missing": [
    () => manifest({ bin: { dnc: "./bin/dnc.js" } }),
    ["./bin/dnc.js is named in package.json and missing"],
  ],
  "types that are not first": [
    () => manifest({ exports: { ".": { default: "./dist/index.js", types: "./dist/index.d.ts" } } }),
    [TYPES_FIRST],
  ],
  "types for one condition only": [
    () => manifest({ exports: { ".": { node: MANIFEST.exports["."], default: "./dist/index.js" } } }),
    [TYPES_FIRST],
  ],
  "an export that is missing under one condition": [
    () => {
      const node = { types: "./dist/index.d.ts", import: ["./dist/node.js", "./dist/index.js"] };
      manifest({ exports: { ".": { node, default: MANIFEST.exports["."] } } });
    },
    ["./dist/node.js is named in package.json and missing"],
  ],
  "types for require where one imports": [
    () => {
      const types = { require: "./dist/index.d.ts", default: "./require/index.d.cts" };
      write("require/index.d.cts", "");
      manifest({ exports: { ".": { types, default: "./dist/index.js" } } });
    },
    [TYPES_FIRST],
  ],
  "an export without types": [() => manifest({ exports: "./dist/index.js" }), [TYPES_FIRST]],
  "an entry that is closed": [() => manifest({ exports: { ...MANIFEST.exports, "./inner": null } }), [TYPES_FIRST]],
  "no exports": [() => manifest({ exports: undefined }), ["exports has no entry"]],
  "a manifest as its only export": [
    () => manifest({ exports: { "./package.json": "./package.json" } }),
    ["exports has no entry"],
  ],
};

describe("problemsOf", () => {
  it("finds none in a correct package", () => {
    expect(problemsOf(folder)).toEqual([]);
  });

  it("finds none in an engine, which has side effects, with its kernel and a command", () => {
    manifest({
      name: "@dnc/engine-wasm",
      sideEffects: ["./dist/index.js", "./src/index.ts"],
      bin: { dnc: "./bin/dnc.js" },
    });
    write("README.md", "# @dnc/engine-wasm\n");
    write("source/step.h", "");
    write("bin/dnc.js", "");
    expect(problemsOf(folder)).toEqual([]);
  });

  it("finds none in a package with nested conditions, nor in one with a single entry and command", () => {
    const types = { import: "./dist/index.d.ts", require: "./require/index.d.cts" };
    write("require/index.d.cts", "");
    const conditions = { node: { types, default: "./dist/index.js" }, default: MANIFEST.exports["."] };
    manifest({ exports: { ".": conditions } });
    expect(problemsOf(folder)).toEqual([]);
    write("bin/dnc.js", "");
    manifest({ exports: MANIFEST.exports["."], bin: "bin/dnc.js" });
    expect(problemsOf(folder)).toEqual([]);
  });

  it("finds none in a file of types only, whose JavaScript has nothing to map", () => {
    const text = `/** What \`export const one\` is. */\n// A number.\nexport {};\n//# sourceMappingURL=index.js.map\n`;
    write("dist/index.js", text);
    map(INDEX, "../src/index.ts", { mappings: "" });
    expect(problemsOf(folder)).toEqual([]);
  });

  it("finds none in a map with its source in it, a root, names, and places without a source", () => {
    const fields = { sourceRoot: "../src", sourcesContent: [CODE], names: ["one"], mappings: "A,CAAAA;AACA" };
    map(INDEX, "index.ts", fields);
    expect(problemsOf(folder)).toEqual([]);
  });

  it.each(Object.entries(FAULTS))("names %s, and nothing else", (_, [breakIt, expected]) => {
    breakIt();
    expect(problemsOf(folder).sort()).toEqual([...expected].sort());
  });
});
