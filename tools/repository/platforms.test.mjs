/** Tests the platform packages of the native engine, and what a release checks of them. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PLATFORMS } from "../../packages/engine-native/src/platform.js";
import { platformFields, TARGETS } from "../native-engine/targets.mjs";
import { root } from "../pnpm.mjs";
import { wrongBinary } from "../release/binary.mjs";
import { BINARY_BUDGETS } from "../release/budgets.mjs";
import { platformPackages } from "../release/packages.mjs";
import { problemsOf } from "../release/tarball.mjs";
import { standIn } from "../release/test/binaries.mjs";

const targets = Object.keys(TARGETS);
/** What the page of a platform says if its binary was not run on one, and what the table of all platforms says then. */
const TESTED = { "has never been run": "built, never run", "has only been run in an emulator": "in an emulator" };
const read = (file) => readFileSync(join(root, file), "utf8");

describe("the platforms that the native engine is built for", () => {
  it("are those that it looks for, that it depends on, that there is a package and a size limit for", () => {
    const names = targets.map((target) => `@dnc/engine-native-${target}`).sort();
    const { optionalDependencies } = JSON.parse(read("packages/engine-native/package.json"));
    expect([...PLATFORMS].sort()).toEqual([...targets].sort());
    expect(optionalDependencies).toEqual(Object.fromEntries(names.map((name) => [name, "workspace:*"])));
    expect(
      platformPackages()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names);
    expect(Object.keys(BINARY_BUDGETS)).toEqual(targets);
  });

  it("all get the version of the engine", () => {
    const { fixed } = JSON.parse(read(".changeset/config.json"));
    expect(fixed).toEqual([["@dnc/engine-native", "@dnc/engine-native-*"]]);
    const { version } = JSON.parse(read("packages/engine-native/package.json"));
    expect(platformPackages().map((each) => each.version)).toEqual(targets.map(() => version));
  });

  it.each(targets)(
    "%s: its manifest is published for this platform, and its README says whether it was run",
    (target) => {
      const { publishConfig, files } = JSON.parse(read(`packages/engine-native-${target}/package.json`));
      expect(publishConfig).toEqual({ access: "public", ...platformFields(target) });
      expect(files).toEqual(["engine.node", "CHANGELOG.md"]);
      const page = read(`packages/engine-native-${target}/README.md`);
      const [, tested = "yes"] = Object.entries(TESTED).find(([words]) => page.includes(words)) ?? [];
      const row = read("packages/engine-native/README.md").match(new RegExp(`^\\|.*\`${target}\`.*$`, "m"))[0];
      expect(row.endsWith(`| ${tested} |`)).toBe(true);
    },
  );
});

describe("wrongBinary", () => {
  it.each(targets)("finds nothing in the binary of %s, and finds that those of others are not for it", (target) => {
    const wrong = targets.filter((other) => wrongBinary(standIn(other), target).length > 0);
    const alike = { "linux-x64": "linux-x64-musl", "linux-x64-musl": "linux-x64" }[target]; // they differ in glibc alone
    expect(wrong).toEqual(targets.filter((other) => other !== target && other !== alike));
  });

  it.each([
    ["linux-x64", "GLIBC_2.17", []],
    ["linux-x64", "GLIBC_2.2.5 GLIBC_2.34", ["engine.node needs glibc 2.34: expected 2.17 at most"]],
    ["linux-x64-musl", "GLIBC_2.2.5", ["engine.node needs glibc"]],
  ])("reads the glibc that a binary of %s needs: %s", (target, text, problems) => {
    const bytes = standIn(target);
    bytes.write(text, 1000, "latin1");
    expect(wrongBinary(bytes, target)).toEqual(problems);
  });

  it("finds that a binary for macOS on arm64 is not signed", () => {
    const bytes = standIn("darwin-arm64");
    bytes.writeUInt32LE(0x1b, 32);
    const problems = ["engine.node is not signed: macOS on arm64 loads only what is"];
    expect(wrongBinary(bytes, "darwin-arm64")).toEqual(problems);
  });

  it.each([
    [20, ["engine.node has 20 bytes, far less than the limit of 407000"]],
    [407_001, ["engine.node has 407001 bytes, and at most 407000 are expected"]],
  ])("limits the size: %i bytes", (size, problems) => {
    const bytes = Buffer.alloc(size);
    standIn("linux-x64").copy(bytes);
    expect(wrongBinary(bytes, "linux-x64")).toEqual(problems);
  });

  it("takes no text for a binary", () => {
    const problems = [
      "engine.node has 5 bytes, far less than the limit of 497000",
      "engine.node is no binary for win32-x64",
    ];
    expect(wrongBinary(Buffer.from("text\n"), "win32-x64")).toEqual(problems);
  });
});

describe("problemsOf a platform package", () => {
  const NAME = "@dnc/engine-native-linux-x64";
  const MANIFEST = {
    name: NAME,
    version: "1.2.0",
    license: "Apache-2.0",
    main: "./engine.node",
    publishConfig: { access: "public" },
    ...platformFields("linux-x64"),
  };
  let folder;
  const write = (file, content) => writeFileSync(join(folder, file), content);
  const manifest = (fields) => write("package.json", JSON.stringify({ ...MANIFEST, ...fields }));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dnc-platform-"));
    cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
    write("README.md", `# ${NAME}\n`);
    write("CHANGELOG.md", `# ${NAME}\n\n## 1.2.0\n`);
    write("engine.node", standIn("linux-x64"));
    manifest({});
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are none in a correct one", () => {
    expect(problemsOf(folder)).toEqual([]);
  });

  const FIELDS = '{"os":["linux"],"cpu":["x64"],"libc":["glibc"]}';
  it.each([
    ["no binary", () => rmSync(join(folder, "engine.node")), ["engine.node is missing"]],
    ["a file besides", () => write("index.js", ""), ["index.js is not for users"]],
    [
      "another platform's binary",
      () => write("engine.node", standIn("linux-arm64")),
      ["engine.node has 138400 bytes, far less than the limit of 407000", "engine.node is no binary for linux-x64"],
    ],
    [
      "no system",
      () => manifest({ os: undefined }),
      [`package.json is for {"cpu":["x64"],"libc":["glibc"]}: expected ${FIELDS}`],
    ],
    [
      "no libc",
      () => manifest({ libc: undefined }),
      [`package.json is for {"os":["linux"],"cpu":["x64"]}: expected ${FIELDS}`],
    ],
    [
      "another file as its module",
      () => manifest({ main: "index.js" }),
      ['main is "index.js": expected "./engine.node"'],
    ],
    [
      "a platform that there is not",
      () => manifest({ name: "@dnc/engine-native-linux-ia32" }),
      ["linux-ia32 is no platform of the native engine"],
    ],
    [
      "a script that runs when it is installed",
      () => manifest({ scripts: { install: "node a.js" } }),
      ['it would run "install" where it is installed'],
    ],
    ["a changelog without its version", () => manifest({ version: "1.2.1" }), ["CHANGELOG.md says nothing of 1.2.1"]],
  ])("name %s, and nothing else", (_, breakIt, problems) => {
    breakIt();
    expect(problemsOf(folder)).toEqual(problems);
  });
});
