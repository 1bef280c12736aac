/** The versions of the packages that train in the page, which checkpoints record. */
import { createRequire } from "node:module";

const NAME = "virtual:versions";
const PACKAGES = [
  ...["@dnc/core", "@dnc/tasks", "@dnc/training", "@dnc/runs", "@dnc/engine-wasm", "@dnc/engine-webgpu"],
  "@tensorflow/tfjs-core",
];

/** @returns {import("vite").Plugin} a plugin that serves the module `virtual:versions`, with the versions by package. */
export function versions() {
  const require = createRequire(import.meta.url);
  const versionOf = (name) => [name, require(`${name}/package.json`).version];
  const found = { "@dnc/inspector": require("./package.json").version, ...Object.fromEntries(PACKAGES.map(versionOf)) };
  return {
    name: "versions",
    resolveId: (id) => (id === NAME ? NAME : undefined),
    load: (id) => (id === NAME ? `export default ${JSON.stringify(found)};` : undefined),
  };
}
