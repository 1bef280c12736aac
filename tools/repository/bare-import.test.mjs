/** A page that only does `import "@dnc/engine-wasm"` has the engine, whatever bundles it. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as tf from "@tensorflow/tfjs-core";
import * as esbuild from "esbuild";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { root } from "../pnpm.mjs";
import { bundle } from "../release/bundle.mjs";
import { publicPackages } from "../release/packages.mjs";

// Below the root, so that what a bundle leaves out is found from there.
mkdirSync(join(root, "node_modules/.cache"), { recursive: true });
const folder = mkdtempSync(join(root, "node_modules/.cache/bare-import-"));
const external = [/^@tensorflow\//, /^node:/];

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bundlers = {
  Vite: async (code, options) => (await bundle(code, folder, { external, ...options })).code,
  esbuild: async (code) => {
    const stdin = { contents: code, resolveDir: folder };
    const options = {
      bundle: true,
      write: false,
      format: "esm",
      minify: true,
      platform: "browser",
      logLevel: "silent",
    };
    const left = { external: ["@tensorflow/*", "node:*"] };
    return (await esbuild.build({ stdin, ...options, ...left })).outputFiles[0].text;
  },
};

const engines = [
  ["@dnc/engine-tfjs", "DncUnrollOps", "webgl"],
  ["@dnc/engine-wasm", "DncUnroll", "cpu"],
  ["@dnc/engine-webgpu", "DncUnroll", "webgpu"],
];

const packages = publicPackages().filter(({ manifest }) => !manifest.bin); // no programs for Node
for (const each of packages) {
  mkdirSync(join(folder, "node_modules/@dnc"), { recursive: true });
  symlinkSync(join(root, each.folder), join(folder, "node_modules", each.name), "junction");
}

/** Every entry point of what a page can import. */
const entries = packages
  .flatMap(({ name, manifest }) => Object.keys(manifest.exports).map((path) => name + path.slice(1)))
  .filter((entry) => !/(\/package|\*)\.json$/.test(entry));

const forget = () => {
  for (const [, kernel, backend] of engines) if (tf.getKernel(kernel, backend)) tf.unregisterKernel(kernel, backend);
};

afterEach(forget);

/** Runs a bundle in this process, with this process's TensorFlow.js. */
async function run(code) {
  const file = join(mkdtempSync(join(folder, "run-")), "page.mjs");
  writeFileSync(file, code);
  await import(pathToFileURL(file).href);
}

describe.each(Object.keys(bundlers))("a page that %s bundles", (name) => {
  it.each(engines)("registers the engine with nothing but import %j", async (engine, kernel, backend) => {
    const code = await bundlers[name](`import ${JSON.stringify(engine)};`);
    expect(tf.getKernel(kernel, backend)).toBeUndefined();
    await run(code);
    expect(tf.getKernel(kernel, backend)).toBeDefined();
  });

  it.each(["@dnc/core", "@dnc/core/engine", "@dnc/training"])(
    "gets nothing by the bare import of %s",
    async (entry) => {
      expect((await bundlers[name](`import ${JSON.stringify(entry)};`)).trim()).toBe("");
    },
  );
});

describe("a bundle that keeps every import", () => {
  const keepImports = true;

  it("has what a package does while it says that it does nothing", async () => {
    const place = join(folder, "node_modules/claims-nothing");
    mkdirSync(place, { recursive: true });
    const manifest = { name: "claims-nothing", version: "1.0.0", type: "module", main: "index.js", sideEffects: false };
    writeFileSync(join(place, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(place, "index.js"), 'import "./other.js";\nglobalThis.isHere = true;\n');
    writeFileSync(join(place, "other.js"), "globalThis.isThere = true;\n");
    expect((await bundlers.Vite('import "claims-nothing";')).trim()).toBe("");
    expect(await bundlers.Vite('import "claims-nothing";', { keepImports })).toMatch(/isThere.*isHere/s);
  });

  it.each(entries)("shows that the manifest of %s is right", async (entry) => {
    const inTruth = await bundlers.Vite(`import ${JSON.stringify(entry)};`, { keepImports });
    const asDeclared = await bundlers.Vite(`import ${JSON.stringify(entry)};`);
    const isActive = /registerKernel|registerClass/.test(inTruth);
    expect(isActive).toBe(/^@dnc\/(engine-\w+|core\/layers)$/.test(entry));
    expect(asDeclared.trim() !== "").toBe(isActive);
  });
});
