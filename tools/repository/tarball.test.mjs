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
  write("src/index.ts", "export const one = 1;\n");
  compiled("dist/index.js", "../src/index.ts");
  compiled("dist/index.d.ts", "../src/index.ts");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file, text) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** The package's manifest, with other fields. */
function manifest(fields) {
  write("package.json", JSON.stringify({ ...MANIFEST, ...fields }));
}

/** A file in `dist` and its map. */
function compiled(file, ...sources) {
  write(file, `export {};\n//# sourceMappingURL=${basename(file)}.map\n`);
  write(`${file}.map`, JSON.stringify({ version: 3, sources }));
}

const remove = (file) => rmSync(join(folder, file));

/** Each fault: how a package comes to have it, and what is said of it. */
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
  "a compiled test": [
    () => compiled("dist/test/support.js", "../../src/index.ts"),
    ["dist/test/support.js is not for users", "dist/test/support.js.map is not for users"],
  ],
  "build information": [() => write("dist/tsconfig.tsbuildinfo", "{}"), ["dist/tsconfig.tsbuildinfo is not for users"]],
  "a file of the workspace": [() => write("tsconfig.json", "{}"), ["tsconfig.json is not for users"]],
  "a map without its source": [
    () => compiled("dist/gone.js", "../src/gone.ts"),
    ["dist/gone.js.map: its source src/gone.ts is missing"],
  ],
  "a map of nothing": [() => compiled("dist/index.js"), ["dist/index.js.map has no source"]],
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
    ["exports has an entry without types, or not with types first"],
  ],
};

describe("problemsOf", () => {
  it("finds none in a package as it should be", () => {
    expect(problemsOf(folder)).toEqual([]);
  });

  it("finds none in an engine, which has side effects, with its kernel and a command", () => {
    manifest({ name: "@dnc/engine-wasm", sideEffects: true, bin: { dnc: "./bin/dnc.js" } });
    write("README.md", "# @dnc/engine-wasm\n");
    write("kernel/step.h", "");
    write("bin/dnc.js", "");
    expect(problemsOf(folder)).toEqual([]);
  });

  it.each(Object.entries(FAULTS))("names %s, and nothing else", (_, [spoil, expected]) => {
    spoil();
    expect(problemsOf(folder).sort()).toEqual([...expected].sort());
  });
});
