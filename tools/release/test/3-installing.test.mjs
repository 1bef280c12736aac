/**
 * Each package alone in an empty project of pnpm, the stricter manager: there a package finds only what it declares. What its README says
 * to install in addition, and its examples, follow. Two packages also alone in projects of npm.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { run } from "../../process.mjs";
import { hasBrowser, runInPage } from "../../repository/browser.mjs";
import { siblings } from "../../repository/workspace.mjs";
import { bundle } from "../bundle.mjs";
import { RESOLUTIONS, runFile, typeErrors, writeExamples } from "../examples.mjs";
import { publicPackages } from "../packages.mjs";
import { declaredPackages, emptyProject, install, installedPackages, MANAGERS, outside } from "../project.mjs";
import { readReadme } from "../readme.mjs";
import { realBinary, target } from "./binaries.mjs";

const { place, clone, maintainer } = inject("world");
const settings = { userconfig: maintainer, caches: join(place, "caches") };

/** Packages that npm installs too: the one that people begin with, and the one that depends on all others. */
const WITH_NPM = ["@dnc/core", "@dnc/trainer"];
const pairs = Object.keys(MANAGERS).flatMap((manager) =>
  publicPackages()
    .filter(({ name }) => manager === "pnpm" || WITH_NPM.includes(name))
    .map((each) => ({ manager, ...each })),
);

// Two at a time, for two CPUs: vitest would begin all that are concurrent at once.
describe.concurrent.each([0, 1])("of two lanes, %i", (lane) => {
  const own = pairs.filter((_, index) => index % 2 === lane);
  describe.sequential.each(own)("$name in an empty project of $manager", ({ manager, name, folder, manifest }) => {
    const short = name.slice("@dnc/".length);
    const project = join(place, `${manager}-${short}`);
    const isStrict = manager === "pnpm";
    const readme = readReadme(join(clone, folder));
    // Packages that need no optional peer.
    const entries = Object.keys(manifest.exports)
      .filter((path) => !path.endsWith(".json") && path !== "./layers")
      .map((path) => JSON.stringify(name + path.slice(1)));
    let alone;
    const exported = [];
    let written = [];

    beforeAll(async () => {
      emptyProject(project);
      await install(manager, [name], project, settings);
      alone = installedPackages(manager, project);
      for (const entry of entries) exported.push(await exportsOf(entry, project));
      if (!isStrict) return;
      const others = [...readme.packages, ...readme.forNode].filter((each) => each !== name);
      if (others.length > 0) await install(manager, others, project, settings);
      written = writeExamples(join(clone, folder), project);
    });

    it("installs exactly its declared dependencies", () => {
      const ours = Object.keys(alone).filter((each) => each.startsWith("@dnc/"));
      const needed = [name, ...siblings(short)];
      const isNative = target !== undefined && needed.includes("@dnc/engine-native");
      const expected = isNative ? [...needed, `@dnc/engine-native-${target}`] : needed;
      expect(ours.sort()).toEqual(expected.sort());
      expect(Object.keys(alone).sort()).toEqual(declaredPackages(name, alone));
      const [installed] = alone[name];
      expect(installed.version).toBe("1.0.0");
      for (const kind of ["dependencies", "optionalDependencies", "peerDependencies"])
        expect(Object.keys(installed[kind] ?? {}).sort()).toEqual(Object.keys(manifest[kind] ?? {}).sort());
    });

    it("has a README with something to run", () => {
      expect(readme.examples.length + readme.commands.length).toBeGreaterThan(0);
    });

    it("can be imported and required, to the same exports", () => {
      for (const { imported, required, same } of exported) {
        expect(imported.length).toBeGreaterThan(0);
        expect(same).toBe(true);
        expect(required).toEqual(imported);
      }
    });

    // That both kinds of module give the same objects is shown above: of one package that can be written either way.
    const kinds = short === "checkpoint" ? ["mjs", "cjs"] : ["mjs"];
    const runsExamples = async (kind) => {
      for (const { name: file, where, before } of written.filter((example) => example.where !== "browser")) {
        const { status, output } = await runFile(project, `${file}.${kind}`, before);
        expect(status, `${where ?? ""} ${output}`).toBe(0);
        expect(output.trim()).not.toBe("");
      }
    };
    const hasExamples = isStrict && readme.examples.length > 0;
    const isEngine = short === "engine-native";
    onlyIf(hasExamples && !isEngine)?.each(kinds)("runs the examples of its README in Node, as .%s", runsExamples);
    onlyIf(hasExamples && isEngine)?.skipIf(realBinary === undefined)(
      "runs the examples of its README in Node (needs the native engine, built with zig; npm run build:native -- --all)",
      () => runsExamples("mjs"),
    );

    onlyIf(isStrict && readme.commands.length > 0)?.("runs the commands of its README", async () => {
      const path = [join(project, "node_modules/.bin"), process.env.PATH].join(delimiter);
      for (const code of readme.commands) {
        const { status, output } = await run(["sh", "-e", "-c", code], {
          cwd: project,
          env: { ...outside(maintainer), PATH: path },
        });
        expect(status, output).toBe(0);
      }
    });

    // That types are found under every kind of resolution is what "Are the types wrong?" checks of each tarball.
    const resolutions = short === "core" ? Object.keys(RESOLUTIONS) : ["NodeNext"];
    onlyIf(isStrict)?.each(resolutions)("type-checks under %s", async (resolution) => {
      const { extension } = RESOLUTIONS[resolution];
      writeFileSync(
        join(project, `wrong.${extension}`),
        `import * as all from "${name}";\nexport const wrong: never = all;\n`,
      );
      const [only, ...more] = await typeErrors(project, resolution, [...written, { name: "wrong" }]);
      expect(only).toMatch(/^wrong\.\w+\(2,14\): error TS2322/);
      expect(more).toEqual([]);
    });

    const forPages = readme.examples.filter(({ where }) => where !== "node");
    onlyIf(isStrict && forPages.length > 0)?.("bundles its examples with Vite for the browser", async () => {
      for (const [index, { code }] of forPages.entries()) {
        const bundled = await bundle(code, project);
        expect(bundled.warnings).toEqual([]);
        writeFileSync(join(project, `bundle-${index}.js`), bundled.code);
      }
    });

    onlyIf(isStrict && forPages.length > 0)?.skipIf(!hasBrowser)(
      "runs those bundles in a page (needs a browser; apt-get install chromium)",
      async () => {
        const files = short === "checkpoint" ? await checkpointFiles(project) : {};
        for (const index of forPages.keys())
          files[`/bundle-${index}.js`] = readFileSync(join(project, `bundle-${index}.js`));
        const said = JSON.parse(await runInPage(pageOf(forPages.length), { files, gpu: short === "engine-webgpu" }));
        expect(said).toHaveLength(forPages.length);
        for (const output of said) {
          expect(output).not.toMatch(/^error:/);
          expect(output.trim()).not.toBe("");
        }
      },
    );
  });
});

/** Returns `it` if there is something to test. */
function onlyIf(applies) {
  return applies ? it : undefined;
}

/** Page that loads bundles sequentially, each in a page of its own within it, and reports a list of their outputs. */
function pageOf(count) {
  return `
  const run = (index) => new Promise((resolve) => {
    const frame = document.createElement("iframe");
    addEventListener("message", ({ data }) => resolve(data), { once: true });
    frame.srcdoc = \`<script type="module">
      const lines = [];
      console.log = (...parts) => lines.push(parts.join(" "));
      try { await import("/bundle-\${index}.js"); } catch (error) { lines.unshift("error: " + error.stack); }
      parent.postMessage(lines.join("\\\\n"));
    <\\/script>\`;
    document.body.append(frame);
  });
  const said = [];
  for (let index = 0; index < ${count}; index++) said.push(await run(index));
  document.title = JSON.stringify(said);
`;
}

/** Reads the exports of an entry point by `import` and by `require`, and whether they are the same objects. */
async function exportsOf(entry, project) {
  const script = `
    const required = require(${entry});
    const listed = (all) => Object.keys(all).filter((name) => !name.startsWith("__")).sort();
    import(${entry}).then((imported) => {
      const same = Object.keys(imported).every((key) => imported[key] === required[key]);
      console.log("exports:" + JSON.stringify({ imported: listed(imported), required: listed(required), same }));
    });
  `;
  writeFileSync(join(project, "keys.cjs"), script);
  const { output } = await runFile(project, "keys.cjs");
  const line = output.split("\n").find((each) => each.startsWith("exports:"));
  if (line === undefined) throw new Error(output);
  return JSON.parse(line.slice("exports:".length));
}

/** Reads the checkpoint that the example for pages opens, by path. */
async function checkpointFiles(project) {
  const script = `
    import { saveCheckpoint } from "@dnc/checkpoint/node";
    const model = [{ name: "linear/w", shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }];
    await saveCheckpoint("saved", { model, optimizer: [], state: { step: 100 } });
  `;
  writeFileSync(join(project, "save.mjs"), script);
  const { status, output } = await runFile(project, "save.mjs");
  expect(status, output).toBe(0);
  const names = ["state.json", "model.safetensors"].map((name) => `step-00000100/${name}`);
  return Object.fromEntries(names.map((name) => [`/${name}`, readFileSync(join(project, "saved", name))]));
}
