import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { installedProgram } from "../../src/terminal/program.js";
import { temporaryFolder } from "../support.js";

/** Installs a program in node_modules of a project, as npm does. */
function project() {
  const folder = temporaryFolder();
  const [bin, target] = [join(folder, "node_modules/.bin"), join(folder, "node_modules/@dnc/trainer/bin/dnc.js")];
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(target, ".."), { recursive: true });
  writeFileSync(target, "");
  symlinkSync(target, join(bin, "dnc"));
  return { folder, bin, link: join(bin, "dnc"), target };
}

describe("the words that start this program", () => {
  it("are `dnc` if the PATH has it", () => {
    const { folder, bin, link, target } = project();
    for (const script of [link, target]) {
      expect(installedProgram({ script, folder, environment: { PATH: `/nowhere:${bin}` } })).toBe("dnc");
    }
  });

  it("are `npx dnc` if npm has extended the PATH, or if it is one of a project's programs", () => {
    const { folder, bin, link } = project();
    for (const name of ["npm_lifecycle_event", "npm_command"])
      expect(installedProgram({ script: link, folder, environment: { PATH: bin, [name]: "exec" } })).toBe("npx dnc");
    expect(installedProgram({ script: link, folder, environment: { PATH: "/nowhere" } })).toBe("npx dnc");
  });

  it("are Node and the path of the script otherwise, the shorter of two", () => {
    const { folder, target } = project();
    const environment = { PATH: "" };
    expect(installedProgram({ script: target, folder, environment })).toBe("node node_modules/@dnc/trainer/bin/dnc.js");
    expect(installedProgram({ script: "/a b/dnc.js", folder: "/c/d/e", environment })).toBe("node '/a b/dnc.js'");
    expect(installedProgram({ script: undefined, folder, environment })).toMatch(/^node /);
  });
});
