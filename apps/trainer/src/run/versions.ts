import { createRequire } from "node:module";

/** Packages whose versions a checkpoint records, in the order of its state.json. */
const PACKAGES = [
  "@dnc/trainer",
  "@dnc/core",
  "@dnc/tasks",
  "@dnc/training",
  "@dnc/runs",
  "@dnc/engine-native",
  "@dnc/engine-tfjs",
  "@dnc/engine-wasm",
  "@dnc/engine-webgpu",
  "@tensorflow/tfjs",
];

/** Collects the versions of the packages that train a run. */
export function trainerVersions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const manifests: Record<string, string> = { "@dnc/trainer": "../../package.json" };
  return Object.fromEntries(PACKAGES.map((name) => [name, require(manifests[name] ?? `${name}/package.json`).version]));
}
