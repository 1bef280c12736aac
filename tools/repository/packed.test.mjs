import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installAlone, installedSiblings, packPackage, tarballFiles, tarballManifest } from "./packed.mjs";
import { engines, examples, libraries, member, published, siblings } from "./workspace.mjs";

let place;
const tarballs = {};

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "dnc-packed-"));
  for (const name of published) tarballs[name] = packPackage(name, place);
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

describe.each(published)("the tarball of %s", (name) => {
  it("holds what a user needs and nothing else", () => {
    const files = tarballFiles(tarballs[name]);
    for (const needed of ["LICENSE", "README.md", "CHANGELOG.md", "package.json", "dist/index.js", "dist/index.d.ts"])
      expect(files).toContain(needed);
    const allowed =
      /^(LICENSE|README\.md|CHANGELOG\.md|package\.json|bin\/dnc\.js|(dist|src)\/[\w./-]+\.(ts|js|map)|kernel\/[\w-]+\.[ch])$/;
    expect(files.filter((file) => !allowed.test(file) || file.includes("test"))).toEqual([]);
  });

  it("names real version ranges", () => {
    const { dependencies = {}, peerDependencies = {} } = tarballManifest(tarballs[name]);
    for (const range of Object.values({ ...dependencies, ...peerDependencies }))
      expect(range).toMatch(/^[\^~]?\d+\.\d+\.\d+$/);
  });
});

describe.each(libraries)("%s alone in an empty project", (name) => {
  let project;
  beforeAll(() => {
    project = join(place, name);
    installAlone(name, project, tarballs);
  });

  it("brings its declared siblings and no other package of ours", () => {
    const expected = { addressing: [], access: ["@dnc/addressing"], controller: [], tasks: [], checkpoint: [] };
    expected.core = ["@dnc/access", "@dnc/addressing", "@dnc/controller"];
    expect(siblings(name)).toEqual(expected[name]);
    expect(installedSiblings(project)).toEqual([`@dnc/${name}`, ...expected[name]].sort());
  });

  it("runs the examples of its README", () => runExamples(name, project));

  it("is the same by require and by import", () => runRequire(name, project));
});

describe.each(Object.keys(engines))("%s beside what it needs", (name) => {
  it("runs the examples of its README, and is the same by require and by import", () => {
    const project = join(place, name);
    installAlone(name, project, tarballs, engines[name]);
    runExamples(name, project);
    runRequire(name, project);
  });
});

describe("the trainer alone in an empty project", () => {
  it("runs the commands of its README", () => {
    const project = join(place, "trainer");
    installAlone("trainer", project, tarballs);
    const path = [join(project, "node_modules/.bin"), process.env.PATH].join(delimiter);
    const blocks = examples("trainer", "sh").filter((code) => !code.includes("npm install"));
    expect(blocks.length).toBeGreaterThan(0);
    for (const code of blocks)
      execFileSync("sh", ["-e", "-c", code], { cwd: project, env: { ...process.env, PATH: path }, stdio: "pipe" });
  });
});

/** The environment, with the software Vulkan that Debian's chromium brings where there is no other choice made. */
function withVulkan() {
  const driver = "/usr/lib/chromium/vk_swiftshader_icd.json";
  return { ...(existsSync(driver) ? { VK_ICD_FILENAMES: driver } : {}), ...process.env };
}

/** Runs every JavaScript block of a package's README; each must print something. */
function runExamples(name, project) {
  const blocks = examples(name, "js");
  expect(blocks.length).toBeGreaterThan(0);
  for (const [index, code] of blocks.entries()) {
    const file = join(project, `example-${index}.mjs`);
    writeFileSync(file, code);
    const output = execFileSync(process.execPath, [file], { cwd: project, env: withVulkan(), encoding: "utf8" });
    expect(output.trim()).not.toBe("");
  }
}

/** Loads every entry of a package from CommonJS: what it exports must be what `import` gives. */
function runRequire(name, project) {
  const entries = Object.keys(member(name).manifest.exports).filter((entry) => entry !== "./package.json");
  const modules = JSON.stringify(entries.map((entry) => `@dnc/${name}${entry.slice(1)}`));
  const file = join(project, "require.cjs");
  writeFileSync(
    file,
    `(async () => {
      for (const module of ${modules}) {
        const [required, imported] = [require(module), await import(module)];
        const names = Object.keys(imported);
        console.log(names.length > 0 && names.every((name) => required[name] === imported[name]));
      }
    })();`,
  );
  const output = execFileSync(process.execPath, [file], { cwd: project, env: withVulkan(), encoding: "utf8" });
  expect(output.match(/^(true|false)$/gm)).toEqual(entries.map(() => "true"));
}
