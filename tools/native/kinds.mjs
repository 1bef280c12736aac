/** The two native bindings of TensorFlow.js, and their paths in this clone. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "../pnpm.mjs";
import { NativeError } from "./error.mjs";

const KINDS = {
  node: { package: "@tensorflow/tfjs-node", from: "package.json", wheel: "tensorflow_cpu", archive: "cpu" },
  cuda: {
    package: "@tensorflow/tfjs-node-gpu",
    from: "apps/trainer/package.json",
    wheel: "tensorflow",
    archive: "gpu",
  },
};

/**
 * @typedef {object} Kind
 * @property {string} package - name of the package.
 * @property {string} wheel - name of the Python package that contains its library.
 * @property {"cpu" | "gpu"} archive - its name in the package's install script.
 * @property {string} folder - folder of the package.
 * @property {string} binding - the file that Node.js loads, once it is built.
 * @property {(module: string) => string} resolve - finds one of the package's dependencies.
 */

/**
 * @param {"node" | "cuda"} name
 * @returns {Kind}
 * @throws NativeError if the package is not installed.
 */
export function kindOf(name) {
  const kind = KINDS[name];
  let manifest;
  try {
    manifest = createRequire(join(root, kind.from)).resolve(`${kind.package}/package.json`);
  } catch {
    throw new NativeError(
      `${kind.package} is not installed: run \`npm run build\`, without leaving out optional packages`,
    );
  }
  const folder = dirname(manifest);
  return {
    ...kind,
    folder,
    binding: join(folder, "lib", `napi-v${napiVersion(manifest)}`, "tfjs_binding.node"),
    resolve: (module) => createRequire(manifest).resolve(module),
  };
}

/** Finds the newest Node-API version that both a package and this Node.js support. */
function napiVersion(manifest) {
  const { napi_versions: versions } = JSON.parse(readFileSync(manifest, "utf8")).binary;
  return Math.max(...versions.filter((version) => version <= Number(process.versions.napi)));
}
