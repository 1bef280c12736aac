import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { canBuild } from "../native-engine/can-build.mjs";
import { thisTarget } from "../native-engine/targets.mjs";
import { root } from "../pnpm.mjs";
import { buildNativeCommand, cloneProgram } from "../program.mjs";

describe("the words that start the trainer from a clone", () => {
  it("are those of npm if npm has started it, in the clone or outside of it", () => {
    const started = (folder) => cloneProgram({ npm_lifecycle_event: "start", INIT_CWD: folder }, root);
    for (const folder of [undefined, root, join(root, "docs/guide")]) expect(started(folder)).toBe("npm run dnc --");
    for (const folder of [join(root, ".."), "/"]) expect(started(folder)).toMatch(/^npm --prefix=.*[^/\s] run dnc --$/);
  });

  it("are Node and the path of the script otherwise", () => {
    expect(cloneProgram({}, root)).toBe("node tools/dnc.mjs");
    expect(cloneProgram({}, join(root, "docs"))).toBe("node ../tools/dnc.mjs");
  });
});

describe("the command that builds the native engine", () => {
  it("can be typed where the trainer was started", () => {
    const npm = (folder) => buildNativeCommand({ npm_lifecycle_event: "start", INIT_CWD: folder }, root);
    expect(npm(root)).toBe("npm run build:native");
    expect(npm(join(root, ".."))).toMatch(/^npm --prefix=.*[^/\s] run build:native$/);
    expect(buildNativeCommand({}, root)).toBe("npm run build:native");
    expect(buildNativeCommand({}, join(root, "docs"))).toBe("node ../tools/build-native.mjs");
  });

  it.skipIf(thisTarget() === undefined)(
    "is named only where it is not built and a compiler may be had (needs a machine that the native engine is built for)",
    () => {
      const clone = mkdtempSync(join(tmpdir(), "dnc-clone-"));
      onTestFinished(() => rmSync(clone, { recursive: true }));
      const folder = join(clone, `packages/engine-native-${thisTarget()}`);
      for (const each of [folder, join(clone, "bin")]) mkdirSync(each, { recursive: true });
      const PATH = [join(clone, "none"), join(clone, "bin")].join(delimiter);
      expect(canBuild({ PATH }, clone)).toBe(false);
      expect(canBuild({}, clone)).toBe(false);
      for (const name of ["zig", "clang-17", "pip3"]) {
        const program = join(clone, "bin", process.platform === "win32" ? `${name}.exe` : name);
        writeFileSync(program, "");
        expect(canBuild({ PATH }, clone), name).toBe(true);
        rmSync(program);
      }
      writeFileSync(join(clone, "bin", process.platform === "win32" ? "zig.exe" : "zig"), "");
      writeFileSync(join(folder, "engine.node"), "");
      expect(canBuild({ PATH }, clone)).toBe(false);
    },
  );
});
